# SPDX-License-Identifier: Apache-2.0
"""Failures of the library itself: the return code, and the error that explains it."""

from collections.abc import Callable

import pytest

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL, raised, texts
from ffi_cts.engine.marks import requires

NO_SUCH = b"ffi_cts.no such thing"


def unknown_type_key(runtime: Runtime) -> int:
    return int(runtime.TVMFFITypeKeyToIndex(runtime.byte_array(NO_SUCH), ffi.new("int32_t*")))


def global_name_taken(runtime: Runtime) -> int:
    function = runtime.function_create(runtime.closure())
    name = runtime.byte_array(b"ffi_cts.taken")
    runtime.ok(runtime.TVMFFIFunctionSetGlobal(name, function, 1), "TVMFFIFunctionSetGlobal")
    code = runtime.TVMFFIFunctionSetGlobal(name, function, 0)
    runtime.decref(function)
    return int(code)


def no_data_type(runtime: Runtime) -> int:
    return int(
        runtime.TVMFFIDataTypeFromString(runtime.byte_array(NO_SUCH), ffi.new("DLDataType*"))
    )


def misaligned_tensor(runtime: Runtime) -> int:
    """Data one byte off the alignment that the caller requires."""
    shape = runtime.keep(ffi.new("int64_t[]", [2]))
    memory = runtime.keep(ffi.new("char[]", 256))
    aligned = (int(ffi.cast("uintptr_t", memory)) + 63) & ~63
    managed = runtime.keep(ffi.new("DLManagedTensor*"))
    managed.dl_tensor.data = ffi.cast("void*", aligned + 1)
    managed.dl_tensor.device.device_type = 1
    managed.dl_tensor.ndim = 1
    managed.dl_tensor.dtype = {"code": 2, "bits": 32, "lanes": 1}
    managed.dl_tensor.shape = shape
    return int(runtime.TVMFFITensorFromDLPack(managed, 64, 0, ffi.new("TVMFFIObjectHandle*")))


FAILURES = [
    pytest.param(fail, id=needed[0], marks=requires(*(f"TVMFFI{name}" for name in needed)))
    for fail, *needed in (
        (unknown_type_key, "TypeKeyToIndex"),
        (global_name_taken, "FunctionSetGlobal", "FunctionCreate"),
        (no_data_type, "DataTypeFromString"),
        (misaligned_tensor, "TensorFromDLPack"),
    )
]


@clause("ERR-OWN-01")
@pytest.mark.parametrize("fail", FAILURES)
def test_failure_returns_minus_one(runtime: Runtime, fail: Callable[[Runtime], int]) -> None:
    code = fail(runtime)
    assert code == -1, f"a failing call returned {code} where -1 is due"


@clause("ERR-OWN-02")
@pytest.mark.parametrize("fail", FAILURES)
def test_failure_raises_an_error(runtime: Runtime, fail: Callable[[Runtime], int]) -> None:
    assert runtime.take_raised() == NULL
    assert fail(runtime) != 0, "a call that has to fail returned 0"
    error = raised(runtime, "a failing call")
    assert texts(runtime, error).kind != b"", "the error of a failing call has no kind"
    runtime.decref(error)
    assert runtime.take_raised() == NULL, "a failing call left two errors"


@clause("ERR-OWN-03")
@pytest.mark.parametrize("fail", FAILURES)
def test_failure_replaces_the_pending_error(
    runtime: Runtime, fail: Callable[[Runtime], int]
) -> None:
    pending, deletions = runtime.foreign(ERROR, ERROR_CELL)
    runtime.TVMFFIErrorSetRaised(pending)
    runtime.decref(pending)
    assert fail(runtime) != 0, "a call that has to fail returned 0"
    error = raised(runtime, "a failing call")
    assert error != pending, "the error of an earlier failure is still pending"
    assert deaths(deletions) == 1, "the error of an earlier failure was replaced but not released"
    runtime.decref(error)


@clause("ERR-OWN-04")
@pytest.mark.parametrize("fail", FAILURES)
def test_failure_is_explained(runtime: Runtime, fail: Callable[[Runtime], int]) -> None:
    assert fail(runtime) != 0, "a call that has to fail returned 0"
    error = raised(runtime, "a failing call")
    assert texts(runtime, error).message != b"", "the error of a failing call has no message"
    runtime.decref(error)
