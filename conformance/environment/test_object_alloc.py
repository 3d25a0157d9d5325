# SPDX-License-Identifier: Apache-2.0
"""TVMFFISetCustomAllocator: storage of objects from an allocator that has some, or none left."""

from collections.abc import Callable

import pytest

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, native
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL, discard_raised
from ffi_cts.checks.kinds import each_kind, is_immutable, prototype
from ffi_cts.checks.native import CData

PREFIX = 16
"""Bytes before an object of the lending allocator; the last eight are its header."""
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


class Lender:
    """An allocator that has storage, and knows by address what it lent and got back."""

    def __init__(self, runtime: Runtime) -> None:
        self.lent: dict[int, CData] = {}
        self.returned: list[int] = []
        self._delete = runtime.keep(ffi.callback("void(*)(void*)", self._take_back))
        callback = ffi.callback("void*(size_t, size_t, int32_t, void*)", self._lend)
        self.table = runtime.keep(
            ffi.new("TVMFFICustomAllocator*", {"allocate": runtime.keep(callback)})
        )

    def _lend(self, size: int, _alignment: int, _type_index: int, _context: CData) -> CData:
        block = ffi.new("char[]", PREFIX + size)
        at = block + PREFIX
        ffi.cast("TVMFFIObjectAllocHeader*", at)[-1].delete_space = self._delete
        self.lent[int(ffi.cast("uintptr_t", at))] = block
        return at

    def _take_back(self, at: CData) -> None:
        self.returned.append(int(ffi.cast("uintptr_t", at)))


@clause("ENV-OBJECT-03")
@each_kind
@pytest.mark.parametrize("weakly", [False, True], ids=["strong", "weak"])
def test_storage_goes_back_to_its_allocator(runtime: Runtime, kind: str, weakly: bool) -> None:
    lender, create = Lender(runtime), creation(runtime, kind)
    if runtime.TVMFFISetCustomAllocator(lender.table) != 0:
        discard_raised(runtime)
        return
    code, obj = create()
    runtime.ok(runtime.TVMFFISetCustomAllocator(NULL), "TVMFFISetCustomAllocator(NULL)")
    assert code == 0, f"making a {kind} returned {code} though the allocator had storage"
    address = int(ffi.cast("uintptr_t", obj))
    if weakly:
        runtime.helper("cts_weak_incref", obj)
    runtime.decref(runtime.new(obj, kind))
    too_early = weakly and address in lender.returned
    if weakly:
        runtime.helper("cts_weak_decref", obj)
    if address not in lender.lent or is_immutable(kind):
        return
    assert not too_early, f"the storage of a weakly held {kind} went back"
    times = lender.returned.count(address)
    assert times == 1, f"delete_space of a {kind} ran {times} times, where 1 is due"
