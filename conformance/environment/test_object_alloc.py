# SPDX-License-Identifier: Apache-2.0
"""TVMFFISetCustomAllocator: storage of objects from an allocator that has none left."""

from collections.abc import Callable

import pytest

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, native
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL, discard_raised
from ffi_cts.checks.kinds import each_kind, prototype
from ffi_cts.checks.native import CData

LONG = b"too long to lie inside a value"


def creation(runtime: Runtime, kind: str) -> Callable[[], tuple[int, CData]]:
    """A call that makes an object of ``kind``: (return code, the object). It can be refused."""
    out, value = ffi.new("TVMFFIObjectHandle*"), ffi.new("TVMFFIAny*")
    text = runtime.byte_array(LONG)
    if kind in ("string", "bytes"):
        name = "TVMFFIStringFromByteArray" if kind == "string" else "TVMFFIBytesFromByteArray"
        return lambda: (int(getattr(runtime, name)(text, value)), value.v_obj)
    if kind == "function":
        closure = runtime.closure(Behaviour.REPLY)
        call = ffi.cast("TVMFFISafeCallType", ffi.addressof(native, "cts_closure_call"))
        return lambda: (int(runtime.TVMFFIFunctionCreate(closure.data, call, NULL, out)), out[0])
    if kind == "error":
        return lambda: (int(runtime.TVMFFIErrorCreate(text, text, text, out)), out[0])
    log = runtime.keep(ffi.new("cts_deletions*"))
    if kind == "opaque":
        count = ffi.cast("void (*)(void*)", ffi.addressof(native, "cts_count_deletion"))
        return lambda: (int(runtime.TVMFFIObjectCreateOpaque(log, 74, count, out)), out[0])
    managed = native.cts_dlpack_versioned(prototype(runtime), log, 1, 1, 0, 0)
    runtime.at_end(lambda: None if log.count else native.cts_dlpack_discard(managed))
    return lambda: (int(runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 0, out)), out[0])


def make_without_storage(runtime: Runtime, kind: str, fail: Callable[[], None]) -> tuple[int, int]:
    """Make an object while the allocator calls ``fail`` and has nothing: (code, its calls).

    The object, if there is one all the same, is dropped. A library that takes no allocator
    has called none.
    """
    calls = []

    def allocate(_size: int, _alignment: int, _type_index: int, _context: CData) -> CData:
        calls.append(1)
        fail()
        return NULL

    create = creation(runtime, kind)
    callback = runtime.keep(ffi.callback("void*(size_t, size_t, int32_t, void*)", allocate))
    allocator = runtime.keep(ffi.new("TVMFFICustomAllocator*", {"allocate": callback}))
    if runtime.TVMFFISetCustomAllocator(allocator) != 0:
        discard_raised(runtime)
        return 0, 0
    try:
        code, obj = create()
    finally:
        runtime.ok(runtime.TVMFFISetCustomAllocator(NULL), "TVMFFISetCustomAllocator(NULL)")
    if code == 0:
        runtime.decref(runtime.new(obj, kind))
    return code, len(calls)


@clause("ENV-OBJECT-01")
@each_kind
def test_failure_of_the_allocator_is_passed_on(runtime: Runtime, kind: str) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    code, calls = make_without_storage(runtime, kind, lambda: runtime.TVMFFIErrorSetRaised(error))
    if calls == 0 or code == 0:
        discard_raised(runtime)
        return  # such objects do not come from the allocator, or from elsewhere in need
    assert code == -1, f"making a {kind} returned {code} though the allocator had nothing"
    pending = runtime.take_raised()
    assert pending == error, "the error that the allocator raised is not the pending one"
    runtime.decref(error)
    runtime.decref(error)
    assert deaths(deletions) == 1, "the error of the allocator was not let go"


@clause("ENV-OBJECT-02")
@each_kind
@pytest.mark.parametrize("pending", [False, True], ids=["empty", "pending"])
def test_silent_failure_of_the_allocator_raises_an_error(
    runtime: Runtime, kind: str, pending: bool
) -> None:
    earlier, _ = runtime.foreign(ERROR, ERROR_CELL)
    if pending:
        runtime.TVMFFIErrorSetRaised(earlier)
    code, calls = make_without_storage(runtime, kind, lambda: None)
    if calls == 0 or code == 0:
        discard_raised(runtime)
        return
    assert code == -1, f"making a {kind} returned {code} though the allocator had nothing"
    error = runtime.take_raised()
    assert kind == "error" or error not in (NULL, earlier), (
        f"making a {kind} returned -1 but raised no error of its own"
    )
    if error not in (NULL, earlier):
        runtime.decref(error)
