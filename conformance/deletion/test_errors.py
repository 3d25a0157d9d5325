# SPDX-License-Identifier: Apache-2.0
"""Errors of one library raised in the slot of another."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, values
from ffi_cts.checks.deletions import BOTH, expect_deletions
from ffi_cts.checks.pairs import assign, both_need, each_maker

TEXTS = st.binary(max_size=40)


@clause("XLIB-ERR-01")
@given(made_by_second=st.booleans(), message=TEXTS)
def test_error_raised_and_taken_in_the_other_library(
    runtime: Runtime, second: Runtime, made_by_second: bool, message: bytes
) -> None:
    maker, raiser = (second, runtime) if made_by_second else (runtime, second)
    error = maker.error(b"ForeignError", message)
    log = maker.spy(error)
    raiser.TVMFFIErrorSetRaised(error)
    maker.decref(error)
    expect_deletions(log, error, [], "while the error is raised")
    taken = raiser.take_raised()
    assert taken == error, "TVMFFIErrorMoveFromRaised returned another error than was raised"
    cell = raiser.error_cell(taken)
    assert values.content(cell.kind) == b"ForeignError"
    assert values.content(cell.message) == message
    assert raiser.counts(taken) == (1, 1), f"(strong, weak) is {raiser.counts(taken)}"
    raiser.decref(taken)
    expect_deletions(log, error, [BOTH], "after the error was taken and released")


@clause("XLIB-ERR-02")
@each_maker
def test_pending_error_of_another_library_is_replaced(
    runtime: Runtime, second: Runtime, maker: str
) -> None:
    first, raiser = assign(maker, runtime, second)
    old, new = first.error(b"OldError"), first.error(b"NewError")
    log = first.spy(old)
    raiser.TVMFFIErrorSetRaised(old)
    raiser.TVMFFIErrorSetRaised(new)
    first.decref(old)
    expect_deletions(log, old, [BOTH], "after another error took its place in the slot")
    assert raiser.take_raised() == new, "the second error is not the pending one"
    first.decref(new)
    first.decref(new)


@clause("XLIB-ERR-03")
@each_maker
def test_cause_of_another_library_dies_with_the_error(
    runtime: Runtime, second: Runtime, maker: str
) -> None:
    first, other = assign(maker, runtime, second)
    both_need("TVMFFIErrorCreateWithCauseAndExtraContext", runtime, second)
    cause, context = other.error(b"CauseError"), other.error(b"ContextError")
    logs = [other.spy(cause), other.spy(context)]
    text = first.byte_array(b"text")
    out = ffi.new("TVMFFIObjectHandle*")
    code = first.TVMFFIErrorCreateWithCauseAndExtraContext(text, text, text, cause, context, out)
    first.ok(code, "TVMFFIErrorCreateWithCauseAndExtraContext")
    other.decref(cause)
    other.decref(context)
    for log, obj in zip(logs, (cause, context), strict=True):
        expect_deletions(log, obj, [], "while the error that owns it lives")
    other.decref(out[0])
    for log, obj in zip(logs, (cause, context), strict=True):
        expect_deletions(log, obj, [BOTH], "after the error that owns it died")


@clause("XLIB-ERR-04")
@each_maker
def test_failure_passes_through_a_call_across_libraries(
    runtime: Runtime, second: Runtime, maker: str
) -> None:
    # The callback reports its error to the library that calls it: that one is its environment.
    first, caller = assign(maker, runtime, second)
    error = first.error(b"InnerError", b"from within")
    closure = caller.closure(Behaviour.RAISE_ERROR, error=error)
    function = first.function_create(closure)
    code, _ = caller.call(function)
    taken = caller.refused(code, "TVMFFIFunctionCall of a function that raises")
    assert taken == error, "the error that arrives is another than the one raised"
    assert first.counts(error) == (2, 1), f"(strong, weak) is {first.counts(error)}"
    caller.decref(taken)
    first.decref(error)
    caller.decref(function)
    assert caller.take_raised() == NULL
