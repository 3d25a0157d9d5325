# SPDX-License-Identifier: Apache-2.0
"""What a call leaves of the counts of function, arguments and result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause, values
from ffi_cts.checks.kinds import kinds, make
from ffi_cts.engine.marks import requires

BORROWING = st.sampled_from([Behaviour.REPLY, Behaviour.SILENT])
RAISING = st.sampled_from([Behaviour.RAISE_TEXT, Behaviour.RAISE_ERROR])


@clause("REF-CALL-01")
@given(kind=kinds, behaviour=BORROWING, repeats=st.integers(1, 5))
def test_arguments_are_only_borrowed(
    runtime: Runtime, kind: str, behaviour: Behaviour, repeats: int
) -> None:
    function = runtime.function_create(runtime.closure(behaviour))
    made = make(runtime, kind)
    argument = values.object_view(made.obj)
    for _ in range(repeats):
        code, _ = runtime.call(function, argument, values.integer(1), argument)
        runtime.ok(code, "TVMFFIFunctionCall")
    made.expect_counts(runtime, 1, 1, "after calls with it as an argument")
    of_function = runtime.counts(function)
    runtime.decref(made.obj)
    runtime.decref(function)
    assert of_function == (1, 1), f"calls left the counts of the function at {of_function}"


@clause("REF-CALL-02")
@given(kind=kinds, behaviour=RAISING, repeats=st.integers(1, 5))
def test_failed_call_takes_and_leaves_nothing(
    runtime: Runtime, kind: str, behaviour: Behaviour, repeats: int
) -> None:
    error = runtime.error()
    function = runtime.function_create(runtime.closure(behaviour, error=error))
    made = make(runtime, kind)
    for _ in range(repeats):
        code, _ = runtime.call(function, values.object_view(made.obj))
        runtime.decref(runtime.refused(code, "TVMFFIFunctionCall of a function that raises"))
    made.expect_counts(runtime, 1, 1, "after failed calls with it as an argument")
    counts = [runtime.counts(each) for each in (function, error)]
    for each in (made.obj, function, error):
        runtime.decref(each)
    assert counts[0] == (1, 1), f"failed calls left the counts of the function at {counts[0]}"
    assert counts[1] == (1, 1), f"failed calls left the counts of the raised error at {counts[1]}"


@clause("REF-CALL-03")
@given(kind=kinds, results=st.integers(1, 5))
def test_result_holds_one_reference(runtime: Runtime, kind: str, results: int) -> None:
    function = runtime.function_create(runtime.closure(Behaviour.ECHO))
    made = make(runtime, kind)
    held = []
    for _ in range(results):
        code, result = runtime.call(function, values.object_view(made.obj))
        runtime.ok(code, "TVMFFIFunctionCall")
        assert result.v_obj == made.obj, "the result is another object than the closure returned"
        held.append(result)
    made.expect_counts(runtime, 1 + results, 1, f"with {results} results that hold it")
    for result in held:
        runtime.release(result)
    made.expect_counts(runtime, 1, 1, f"after {results} results were released")
    runtime.decref(made.obj)
    runtime.decref(function)
    made.expect_released(1, "after the last reference")


@clause("REF-CALL-04")
@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(Behaviour.REPLY, id="ok"),
        pytest.param(
            Behaviour.RAISE_TEXT,
            id="error",
            marks=requires("TVMFFIErrorSetRaisedFromCStr", "TVMFFIErrorMoveFromRaised"),
        ),
    ],
)
def test_call_deletes_nothing(runtime: Runtime, behaviour: Behaviour) -> None:
    closure = runtime.closure(behaviour)
    function = runtime.function_create(closure)
    for _ in range(3):
        if runtime.call(function)[0] != 0:
            runtime.decref(runtime.take_raised())
        assert closure.deletions == 0, "a call gave the closure back while the function is held"
    runtime.decref(function)
    assert closure.deletions == 1, f"the closure was given back {closure.deletions} times"
