# SPDX-License-Identifier: Apache-2.0
"""The library in the global scope of a process, alone and beside another runtime."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, values
from ffi_cts.checks.fixtures import loaded
from ffi_cts.engine.context import current

FUNCTIONS = {
    "TVMFFIErrorSetRaisedFromCStr": lambda lib: lib.TVMFFIErrorSetRaisedFromCStr(
        lib.c_string(b"ValueError"), lib.c_string(b"raised by text")
    ),
    "TVMFFITypeKeyToIndex": lambda lib: lib.TVMFFITypeKeyToIndex(
        lib.byte_array(b"ffi_cts.no_such_type"), ffi.new("int32_t*")
    ),
    "TVMFFIDataTypeFromString": lambda lib: lib.TVMFFIDataTypeFromString(
        lib.byte_array(b"no data type"), ffi.new("DLDataType*")
    ),
}
"""Functions that raise, called so that they do."""


def load_subject(*, globally: bool) -> Runtime:
    return loaded(current().subject.path, "the library", globally=globally)


def load_other() -> Runtime:
    other = current().subject.companion("second")
    return loaded(other.path, other.id, globally=True)


def expect_use(runtime: Runtime) -> None:
    """Make, call and drop a function."""
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    code, result = runtime.call(function, values.integer(7))
    runtime.ok(code, "TVMFFIFunctionCall")
    assert result.v_int64 == 7
    runtime.decref(function)
    assert (closure.calls, closure.deletions) == (1, 1)


@clause("PROC-SCOPE-01")
@pytest.mark.parametrize("function", list(FUNCTIONS))
@pytest.mark.parametrize("globally", [False, True], ids=["local", "global"])
def test_errors_stay_its_own_beside_another_runtime(function: str, globally: bool) -> None:
    other = load_other()
    runtime = load_subject(globally=globally)
    runtime.need(function)
    fails: Callable[[Runtime], object] = FUNCTIONS[function]
    fails(runtime)
    error = runtime.take_raised()
    elsewhere = other.take_raised()
    assert error != NULL, (
        f"{function} failed, and TVMFFIErrorMoveFromRaised gives no error; "
        f"that of {other.name}, which is in the global scope, gives "
        f"{'one' if elsewhere != NULL else 'none either'}"
    )
    assert elsewhere == NULL, f"an error lies with {other.name} too, which has not been called"
    runtime.decref(error)


@clause("PROC-SCOPE-02")
@pytest.mark.parametrize("first", ["alone", "library", "other"])
def test_it_works_in_the_global_scope(first: str) -> None:
    other = load_other() if first == "other" else None
    runtime = load_subject(globally=True)
    if first == "library":
        other = load_other()
    expect_use(runtime)
    if other is not None:
        expect_use(other)


@clause("PROC-SCOPE-03")
def test_a_second_copy_can_be_loaded() -> None:
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder:
        path = current().subject.path
        copy = Path(folder) / path.name
        shutil.copy2(path, copy)
        first = load_subject(globally=True)
        second = loaded(copy, "the second copy")
        expect_use(first)
        expect_use(second)
