# SPDX-License-Identifier: Apache-2.0
"""Errors that cross from one implementation to another in the same process."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import (
    APPEND,
    RAW_TEXT,
    REPLACE,
    Texts,
    raised,
    texts,
    update_backtrace,
)


@clause("ERR-CROSS-01")
@given(kind=RAW_TEXT, message=RAW_TEXT, backtrace=RAW_TEXT)
@example(kind=b"ValueError", message=b"message", backtrace=b"frame\n")
def test_error_of_another_library_is_raised_and_fetched(
    runtime: Runtime, second: Runtime, kind: bytes, message: bytes, backtrace: bytes
) -> None:
    error = second.error(kind, message, backtrace)
    deletions = second.spy(error)
    runtime.TVMFFIErrorSetRaised(error)
    second.decref(error)
    assert deletions.calls == 0, "the pending error died with the caller's reference"
    assert runtime.take_raised() == error
    assert texts(runtime, error) == Texts(kind, message, backtrace)
    runtime.decref(error)
    assert deaths(deletions) == 1


@clause("ERR-CROSS-02")
@given(mode=st.sampled_from([REPLACE, APPEND]), text=RAW_TEXT)
@example(mode=APPEND, text=b"second\n")
def test_backtrace_is_updated_by_whoever_holds_the_error(
    runtime: Runtime, second: Runtime, mode: int, text: bytes
) -> None:
    error = runtime.error(backtrace=b"first\n")
    second.TVMFFIErrorSetRaised(error)
    runtime.decref(error)
    fetched = second.take_raised()
    update_backtrace(second, fetched, second.byte_array(text), mode)
    expected = text if mode == REPLACE else b"first\n" + text
    assert texts(second, fetched).backtrace == expected
    deletions = runtime.spy(fetched)
    second.decref(fetched)
    assert deaths(deletions) == 1


@clause("ERR-CROSS-03")
@given(layers=st.lists(st.booleans(), min_size=1, max_size=8))
@example(layers=[True])
@example(layers=[False])
@example(layers=[True, False, True, False])
def test_nested_calls_through_two_libraries_keep_the_error(
    runtime: Runtime, second: Runtime, layers: list[bool]
) -> None:
    # Each layer's object comes from one library and is called through the other one.
    error = second.error(message=b"from inside")
    inner = runtime.closure(Behaviour.RAISE_ERROR, error=error)
    functions = [runtime.function_create(inner)]
    for from_second in layers:
        maker, caller = (second, runtime) if from_second else (runtime, second)
        closure = caller.closure(Behaviour.FORWARD, next_function=functions[-1])
        functions.append(maker.function_create(closure))
    code, _ = runtime.call(functions[-1])
    assert code == -1, f"TVMFFIFunctionCall returned {code} where the innermost returned -1"
    fetched = raised(runtime, "calls through two libraries")
    assert fetched == error, "another error came out than was raised inside"
    assert texts(runtime, fetched).message == b"from inside"
    for obj in (fetched, error, *functions):
        runtime.decref(obj)
