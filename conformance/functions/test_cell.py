# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionCell.safe_call: the way to call a function of any implementation."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Closure, Runtime, clause, ffi, native, values
from ffi_cts.checks.errors import raised, texts
from ffi_cts.checks.native import CData
from ffi_cts.checks.values import INDEX

ARGS = st.lists(st.integers(-(2**63), 2**63 - 1).map(values.integer), max_size=8)


def foreign_function(runtime: Runtime, closure: Closure) -> CData:
    """A function object that no implementation made: header, cell, then the closure's address."""
    obj, _ = runtime.foreign(INDEX["Function"], payload=24)
    cell = runtime.cell(obj, "TVMFFIFunctionCell")
    cell.safe_call = ffi.cast("TVMFFISafeCallType", ffi.addressof(native, "cts_cell_call"))
    ffi.cast("cts_closure**", cell + 1)[0] = closure.data
    return obj


@clause("FUNC-CELL-01")
@given(args=ARGS)
@example(args=[])
def test_safe_call_does_what_function_call_does(runtime: Runtime, args: list[CData]) -> None:
    closure = runtime.closure(Behaviour.SUM)
    function = runtime.function_create(closure)
    code, expected = runtime.call(function, *args)
    runtime.ok(code, "TVMFFIFunctionCall")
    result = ffi.new("TVMFFIAny*")
    safe_call = runtime.cell(function, "TVMFFIFunctionCell").safe_call
    code = runtime.through(
        "TVMFFIFunctionCell.safe_call", safe_call, function, values.pack(args), len(args), result
    )
    runtime.ok(code, "safe_call")
    assert values.raw(result) == values.raw(expected)
    assert closure.data.seen_handle == closure.data, "the callee got another handle than its self"
    assert closure.seen_args == [values.raw(arg) for arg in args]
    runtime.decref(function)


@clause("FUNC-CELL-02")
@given(message=st.sampled_from([b"", b"failed"]))
@example(message=b"failed")
def test_safe_call_reports_the_failure_of_the_callee(runtime: Runtime, message: bytes) -> None:
    closure = runtime.closure(Behaviour.RAISE_TEXT, message=message)
    function = runtime.function_create(closure)
    safe_call = runtime.cell(function, "TVMFFIFunctionCell").safe_call
    code = runtime.through(
        "TVMFFIFunctionCell.safe_call", safe_call, function, ffi.NULL, 0, ffi.new("TVMFFIAny*")
    )
    assert code == -1, f"safe_call returned {code} where the callee returned -1"
    error = raised(runtime, "a failed safe_call")
    assert texts(runtime, error).message == message
    runtime.decref(error)
    runtime.decref(function)


@clause("FUNC-CELL-03")
@given(args=ARGS)
@example(args=[])
def test_function_call_uses_the_cell(runtime: Runtime, args: list[CData]) -> None:
    closure = runtime.closure(Behaviour.SUM)
    function = foreign_function(runtime, closure)
    code, result = runtime.call(function, *args)
    runtime.ok(code, "TVMFFIFunctionCall of a function that another library made")
    assert closure.data.seen_handle == function, "safe_call got no handle of the function object"
    assert closure.seen_args == [values.raw(arg) for arg in args]
    assert result.type_index == INDEX["Int"]
    assert runtime.counts(function) == (1, 1), "the call changed the counts of the function"


@clause("FUNC-CELL-04")
@given(code=st.sampled_from([0, -1]))
@example(code=-1)
def test_function_call_returns_what_the_cell_returns(runtime: Runtime, code: int) -> None:
    behaviour = Behaviour.REPLY if code == 0 else Behaviour.RAISE_TEXT
    closure = runtime.closure(behaviour, message=b"failed")
    returned, _ = runtime.call(foreign_function(runtime, closure))
    assert returned == code, f"TVMFFIFunctionCall returned {returned}, safe_call {code}"
    if code:
        error = raised(runtime, "a failed TVMFFIFunctionCall")
        assert texts(runtime, error).message == b"failed"
        runtime.decref(error)


@clause("FUNC-CROSS-01")
@given(args=ARGS)
@example(args=[])
def test_functions_of_two_libraries_call_each_other(
    runtime: Runtime, second: Runtime, args: list[CData]
) -> None:
    for maker, caller in ((runtime, second), (second, runtime)):
        inner = maker.closure(Behaviour.SUM)
        innermost = maker.function_create(inner)
        outer = caller.closure(Behaviour.FORWARD, next_function=innermost)
        function = maker.function_create(outer)
        code, result = caller.call(function, *args)
        caller.ok(code, "TVMFFIFunctionCall of a function of another library")
        assert inner.seen_args == [values.raw(arg) for arg in args]
        assert result.type_index == INDEX["Int"]
        caller.decref(function)
        caller.decref(innermost)
        assert inner.deletions == outer.deletions == 1
