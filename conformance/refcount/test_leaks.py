# SPDX-License-Identifier: Apache-2.0
"""The heap stays where it is when objects come and go, and when calls are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, native
from ffi_cts.checks.errors import APPEND, REPLACE, update_backtrace
from ffi_cts.checks.kinds import each_kind, prototype
from ffi_cts.checks.memory import growth
from ffi_cts.engine.marks import requires

LIMIT = 4.0
"""Bytes per call below which growth is noise: the smallest block of malloc has 24."""

Loop = Callable[[], None]


def _expect_steady(step: Loop, what: str) -> None:
    grown = growth(step)
    assert grown < LIMIT, f"{what}: the heap grows by {grown:.0f} bytes each time"


def _drop_error(runtime: Runtime, code: int, out: Any) -> None:
    assert code != 0, "the call was not refused"
    runtime.TVMFFIErrorMoveFromRaised(out)
    runtime.TVMFFIObjectDecRef(out[0])


def _creations(runtime: Runtime) -> dict[str, Callable[[Any, Any], int]]:
    """Calls that write a new object to their TVMFFIAny or handle; arguments made beforehand."""
    text = runtime.byte_array(b"long enough for an object of its own")
    closure = runtime.closure()
    call = ffi.cast("TVMFFISafeCallType", ffi.addressof(native, "cts_closure_call"))
    count = ffi.cast("void (*)(void*)", ffi.addressof(native, "cts_count_deletion"))
    log = runtime.keep(ffi.new("cts_deletions*"))
    shape = prototype(runtime)

    def tensor(_value: Any, out: Any) -> int:
        managed = native.cts_dlpack_versioned(shape, log, 1, 1, 0, 0)
        return int(runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 0, out))

    return {
        "function": lambda _, out: runtime.TVMFFIFunctionCreate(closure.data, call, NULL, out),
        "string": lambda value, _: runtime.TVMFFIStringFromByteArray(text, value),
        "bytes": lambda value, _: runtime.TVMFFIBytesFromByteArray(text, value),
        "error": lambda _, out: runtime.TVMFFIErrorCreate(text, text, text, out),
        "opaque": lambda _, out: runtime.TVMFFIObjectCreateOpaque(log, 74, count, out),
        "tensor": tensor,
    }


@clause("REF-LEAK-01")
@pytest.mark.parametrize("weakly", [False, True], ids=["strong", "weak"])
@each_kind
def test_deleted_object_gives_its_storage_back(runtime: Runtime, kind: str, weakly: bool) -> None:
    create = _creations(runtime)[kind]
    value, out = ffi.new("TVMFFIAny*"), ffi.new("TVMFFIObjectHandle*")

    def step() -> None:
        value.type_index = 0
        assert create(value, out) == 0
        obj = value.v_obj if value.type_index else out[0]
        if weakly:
            runtime.helper("cts_weak_incref", obj)
        runtime.TVMFFIObjectDecRef(obj)
        if weakly:
            runtime.helper("cts_weak_decref", obj)

    _expect_steady(step, f"creating and dropping one {kind} object")


@clause("REF-LEAK-02")
@requires("TVMFFIFunctionCreate", "TVMFFIFunctionCall", "TVMFFIErrorSetRaisedFromCStr")
def test_failed_function_call_leaks_nothing(runtime: Runtime) -> None:
    function = runtime.function_create(runtime.closure(Behaviour.RAISE_TEXT, message=b"no" * 40))
    result, error = ffi.new("TVMFFIAny*"), ffi.new("TVMFFIObjectHandle*")
    _expect_steady(
        lambda: _drop_error(runtime, runtime.TVMFFIFunctionCall(function, NULL, 0, result), error),
        "calling a function that raises",
    )
    runtime.decref(function)


@clause("REF-LEAK-02")
@requires("TVMFFIFunctionCreate", "TVMFFIFunctionSetGlobal")
def test_refused_registration_leaks_nothing(runtime: Runtime) -> None:
    name, function = (
        runtime.byte_array(b"ffi_cts.leaks"),
        runtime.function_create(runtime.closure()),
    )
    runtime.ok(runtime.TVMFFIFunctionSetGlobal(name, function, 0), "TVMFFIFunctionSetGlobal")
    error = ffi.new("TVMFFIObjectHandle*")
    _expect_steady(
        lambda: _drop_error(runtime, runtime.TVMFFIFunctionSetGlobal(name, function, 0), error),
        "registering under a name that is taken",
    )


@clause("REF-LEAK-02")
@requires("TVMFFITypeKeyToIndex")
def test_failed_type_lookup_leaks_nothing(runtime: Runtime) -> None:
    key, index = runtime.byte_array(b"ffi_cts.no_such_type"), ffi.new("int32_t*")
    error = ffi.new("TVMFFIObjectHandle*")
    _expect_steady(
        lambda: _drop_error(runtime, runtime.TVMFFITypeKeyToIndex(key, index), error),
        "looking up a type that does not exist",
    )


@clause("REF-LEAK-02")
@requires("TVMFFITensorFromDLPackVersioned")
def test_refused_import_leaks_nothing(runtime: Runtime) -> None:
    strided = prototype(runtime, (4, 4))
    strided.strides[0], strided.strides[1] = 1, 4
    log = runtime.keep(ffi.new("cts_deletions*"))
    managed = native.cts_dlpack_versioned(strided, log, 1, 1, 0, 0)
    out, error = ffi.new("TVMFFIObjectHandle*"), ffi.new("TVMFFIObjectHandle*")
    _expect_steady(
        lambda: _drop_error(
            runtime, runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 1, out), error
        ),
        "importing a tensor that is not contiguous, as it has to be",
    )
    native.cts_dlpack_discard(managed)


@clause("REF-LEAK-03")
@pytest.mark.parametrize("ndim", [1, 8, 1000])
def test_refused_view_leaks_nothing(runtime: Runtime, ndim: int) -> None:
    log = runtime.keep(ffi.new("cts_deletions*"))
    managed = native.cts_dlpack_versioned(prototype(runtime), log, 1, 1, 0, 0)
    tensor, error = ffi.new("TVMFFIObjectHandle*"), ffi.new("TVMFFIObjectHandle*")
    runtime.ok(runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 0, tensor), "FromDLPack")
    shapeless = prototype(runtime, (1,) * ndim)
    shapeless.strides = NULL
    out = ffi.new("TVMFFIObjectHandle*")

    def step() -> None:
        if runtime.TVMFFITensorCreateUnsafeView(tensor[0], shapeless, out) == 0:
            runtime.TVMFFIObjectDecRef(out[0])
        else:
            _drop_error(runtime, -1, error)

    _expect_steady(step, f"asking for a view of {ndim} dimensions without strides")
    runtime.decref(tensor[0])


@clause("REF-LEAK-04")
def test_calls_and_results_leak_nothing(runtime: Runtime) -> None:
    function = runtime.function_create(runtime.closure(Behaviour.ECHO))
    argument, result = ffi.new("TVMFFIAny*"), ffi.new("TVMFFIAny*")
    text = runtime.byte_array(b"long enough for an object of its own")

    def step() -> None:
        runtime.TVMFFIStringFromByteArray(text, argument)
        result.type_index = 0
        assert runtime.TVMFFIFunctionCall(function, argument, 1, result) == 0
        runtime.TVMFFIObjectDecRef(result.v_obj)
        runtime.TVMFFIObjectDecRef(argument.v_obj)

    _expect_steady(step, "calling a function that returns its argument")
    runtime.decref(function)


@clause("REF-LEAK-04")
@requires("TVMFFIErrorCreate")
@pytest.mark.parametrize("mode", [REPLACE, APPEND], ids=["replace", "append"])
def test_updated_backtraces_leak_nothing(runtime: Runtime, mode: int) -> None:
    text = runtime.byte_array(b"long enough for memory of its own")
    out = ffi.new("TVMFFIObjectHandle*")

    def step() -> None:
        assert runtime.TVMFFIErrorCreate(text, text, text, out) == 0
        for _ in range(3):
            update_backtrace(runtime, out[0], text, mode)
        runtime.TVMFFIObjectDecRef(out[0])

    _expect_steady(step, "updating the backtrace of an error, and dropping it")


@clause("REF-LEAK-05")
def test_ended_threads_leak_nothing(runtime: Runtime) -> None:
    grown = growth(lambda: runtime.helper("cts_thread_use_and_exit", runtime.api), repetitions=100)
    assert grown < LIMIT, f"each thread that ended left {grown:.0f} bytes behind"
