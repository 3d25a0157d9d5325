# SPDX-License-Identifier: Apache-2.0
"""Errors on their way through TVMFFIFunctionCall."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Behaviour, Runtime, clause
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import C_TEXT, ERROR, ERROR_CELL, raised, texts
from ffi_cts.checks.native import CData

LAYERS = st.lists(st.sampled_from([Behaviour.FORWARD, Behaviour.RERAISE]), max_size=6)


def wrapped(runtime: Runtime, inner: CData, layers: list[Behaviour]) -> list[CData]:
    """``inner`` and function objects around it, outermost last; the caller owns them all."""
    functions = [inner]
    for behaviour in layers:
        closure = runtime.closure(behaviour, next_function=functions[-1])
        functions.append(runtime.function_create(closure))
    return functions


@clause("ERR-CALL-01")
@given(kind=C_TEXT, message=C_TEXT)
@example(kind=b"ValueError", message=b"message")
def test_error_of_the_callee_reaches_the_caller(
    runtime: Runtime, kind: bytes, message: bytes
) -> None:
    function = runtime.function_create(
        runtime.closure(Behaviour.RAISE_TEXT, kind=kind, message=message)
    )
    code, _ = runtime.call(function)
    assert code == -1, f"TVMFFIFunctionCall returned {code} where the callee returned -1"
    error = raised(runtime, "a failed TVMFFIFunctionCall")
    found = texts(runtime, error)
    assert (found.kind, found.message) == (kind, message)
    runtime.decref(error)
    runtime.decref(function)


@clause("ERR-CALL-02")
@given(layers=LAYERS)
@example(layers=[])
@example(layers=[Behaviour.FORWARD] * 12)
@example(layers=[Behaviour.RERAISE, Behaviour.FORWARD, Behaviour.RERAISE])
def test_nested_calls_keep_the_error(runtime: Runtime, layers: list[Behaviour]) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    inner = runtime.function_create(runtime.closure(Behaviour.RAISE_ERROR, error=error))
    functions = wrapped(runtime, inner, layers)
    code, _ = runtime.call(functions[-1])
    assert code == -1, f"TVMFFIFunctionCall returned {code} where the callee returned -1"
    assert runtime.take_raised() == error, "another error came out than was raised inside"
    runtime.decref(error)
    assert deletions.calls == 0
    runtime.decref(error)
    assert deaths(deletions) == 1, "calls left references to the error behind"
    for function in functions:
        runtime.decref(function)


@clause("ERR-CALL-03")
@given(layers=LAYERS, kind=C_TEXT, message=C_TEXT)
@example(layers=[Behaviour.FORWARD], kind=b"KeyError", message=b"newer")
def test_an_error_raised_on_the_way_takes_over(
    runtime: Runtime, layers: list[Behaviour], kind: bytes, message: bytes
) -> None:
    first, deletions = runtime.foreign(ERROR, ERROR_CELL)
    inner = runtime.function_create(runtime.closure(Behaviour.RAISE_ERROR, error=first))
    chain = runtime.closure(Behaviour.CHAIN, next_function=inner, kind=kind, message=message)
    functions = wrapped(runtime, runtime.function_create(chain), layers)
    code, _ = runtime.call(functions[-1])
    assert code == -1
    error = raised(runtime, "a chained failure")
    found = texts(runtime, error)
    assert (found.kind, found.message) == (kind, message)
    assert runtime.strong(first) == 1, "the error that was replaced is still referred to"
    runtime.decref(first)
    assert deaths(deletions) == 1
    for obj in (error, inner, *functions):
        runtime.decref(obj)


@clause("ERR-CALL-04")
@given(layers=LAYERS)
@example(layers=[Behaviour.FORWARD])
def test_a_recovered_error_does_not_come_back(runtime: Runtime, layers: list[Behaviour]) -> None:
    inner = runtime.function_create(runtime.closure(Behaviour.RAISE_TEXT, message=b"handled"))
    recover = runtime.closure(Behaviour.RECOVER, next_function=inner)
    functions = wrapped(runtime, runtime.function_create(recover), layers)
    runtime.ok(runtime.call(functions[-1])[0], "TVMFFIFunctionCall of a callee that recovered")
    assert runtime.take_raised() == NULL, "an error that the callee took is pending again"
    for function in (inner, *functions):
        runtime.decref(function)


@clause("ERR-CALL-05")
@given(calls=st.integers(1, 8))
@example(calls=1)
def test_success_leaves_an_empty_slot_empty(runtime: Runtime, calls: int) -> None:
    function = runtime.function_create(runtime.closure())
    for _ in range(calls):
        runtime.ok(runtime.call(function)[0], "TVMFFIFunctionCall")
    assert runtime.take_raised() == NULL, "successful calls left an error behind"
    runtime.decref(function)


@clause("ERR-CALL-06")
@given(code=st.integers(-(2**31), 2**31 - 1).filter(bool))
@example(code=-1)
@example(code=1)
@example(code=-2)
@example(code=256)
@example(code=-(2**31))
def test_any_nonzero_code_is_a_failure(runtime: Runtime, code: int) -> None:
    function = runtime.function_create(
        runtime.closure(Behaviour.FAIL_WITH, argument=code, message=b"failed")
    )
    returned, _ = runtime.call(function)
    assert returned != 0, f"TVMFFIFunctionCall returned 0 where the callee returned {code}"
    error = raised(runtime, "a failed TVMFFIFunctionCall")
    assert texts(runtime, error).message == b"failed"
    runtime.decref(error)
    runtime.decref(function)
