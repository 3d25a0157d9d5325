# SPDX-License-Identifier: Apache-2.0
"""What a call leaves of the counts of function, arguments and result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause, values
from ffi_cts.checks.kinds import KINDS, make

ANY_KIND = st.sampled_from(KINDS)
BORROWING = st.sampled_from([Behaviour.REPLY, Behaviour.SILENT])
RAISING = st.sampled_from([Behaviour.RAISE_TEXT, Behaviour.RAISE_ERROR])


@clause("REF-CALL-01")
@given(kind=ANY_KIND, behaviour=BORROWING, repeats=st.integers(1, 5))
def test_arguments_are_only_borrowed(
    runtime: Runtime, kind: str, behaviour: Behaviour, repeats: int
) -> None:
    function = runtime.function_create(runtime.closure(behaviour))
    made = make(runtime, kind)
    argument = values.object_view(made.obj)
    for _ in range(repeats):
        code, _ = runtime.call(function, argument, values.integer(1), argument)
        runtime.ok(code, "TVMFFIFunctionCall")
    of_argument, of_function = runtime.counts(made.obj), runtime.counts(function)
    runtime.decref(made.obj)
    runtime.decref(function)
    assert of_argument == (1, 1), f"calls left the counts of an argument at {of_argument}"
    assert of_function == (1, 1), f"calls left the counts of the function at {of_function}"


@clause("REF-CALL-02")
@given(kind=ANY_KIND, behaviour=RAISING, repeats=st.integers(1, 5))
def test_failed_call_takes_and_leaves_nothing(
    runtime: Runtime, kind: str, behaviour: Behaviour, repeats: int
) -> None:
    error = runtime.error()
    function = runtime.function_create(runtime.closure(behaviour, error=error))
    made = make(runtime, kind)
    for _ in range(repeats):
        code, _ = runtime.call(function, values.object_view(made.obj))
        runtime.decref(runtime.refused(code, "TVMFFIFunctionCall of a function that raises"))
    counts = [runtime.counts(each) for each in (made.obj, function, error)]
    for each in (made.obj, function, error):
        runtime.decref(each)
    assert counts[0] == (1, 1), f"failed calls left the counts of an argument at {counts[0]}"
    assert counts[1] == (1, 1), f"failed calls left the counts of the function at {counts[1]}"
    assert counts[2] == (1, 1), f"failed calls left the counts of the raised error at {counts[2]}"


@clause("REF-CALL-03")
@given(kind=ANY_KIND, results=st.integers(1, 5))
def test_result_holds_one_reference(runtime: Runtime, kind: str, results: int) -> None:
    function = runtime.function_create(runtime.closure(Behaviour.ECHO))
    made = make(runtime, kind)
    held = []
    for _ in range(results):
        code, result = runtime.call(function, values.object_view(made.obj))
        runtime.ok(code, "TVMFFIFunctionCall")
        assert result.v_obj == made.obj, "the result is another object than the closure returned"
        held.append(result)
    counts = runtime.counts(made.obj)
    for result in held:
        runtime.release(result)
    after = runtime.counts(made.obj)
    runtime.decref(made.obj)
    runtime.decref(function)
    assert counts == (1 + results, 1), f"{results} results hold an object with counts {counts}"
    assert after == (1, 1), f"(strong, weak) is {after} after {results} results were released"
    made.expect_released(1, "after the last reference")


@clause("REF-CALL-04")
@pytest.mark.parametrize("behaviour", [Behaviour.REPLY, Behaviour.RAISE_TEXT], ids=["ok", "error"])
def test_call_deletes_nothing(runtime: Runtime, behaviour: Behaviour) -> None:
    closure = runtime.closure(behaviour)
    function = runtime.function_create(closure)
    for _ in range(3):
        if runtime.call(function)[0] != 0:
            runtime.decref(runtime.take_raised())
        assert closure.deletions == 0, "a call gave the closure back while the function is held"
    runtime.decref(function)
    assert closure.deletions == 1, f"the closure was given back {closure.deletions} times"
