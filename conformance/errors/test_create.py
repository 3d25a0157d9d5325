# SPDX-License-Identifier: Apache-2.0
"""TVMFFIErrorCreate."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, RAW_TEXT, Texts, error_with, texts
from ffi_cts.checks.values import name


@clause("ERR-CREATE-01")
@given(kind=RAW_TEXT, message=RAW_TEXT, backtrace=RAW_TEXT)
@example(kind=b"", message=b"", backtrace=b"")
@example(kind=b"K\0K", message=b"m\0\0", backtrace=b"\xff\n\0")
@example(kind=b"k" * 100_000, message=b"m" * 100_000, backtrace=b"b" * 100_000)
def test_texts_are_those_given(
    runtime: Runtime, kind: bytes, message: bytes, backtrace: bytes
) -> None:
    error = runtime.error(kind, message, backtrace)
    assert texts(runtime, error) == Texts(kind, message, backtrace)
    runtime.decref(error)


@clause("ERR-CREATE-02")
@given(kind=RAW_TEXT, message=RAW_TEXT, backtrace=RAW_TEXT)
@example(kind=b"ValueError", message=b"message", backtrace=b"backtrace")
def test_texts_are_copied(runtime: Runtime, kind: bytes, message: bytes, backtrace: bytes) -> None:
    given_texts = [runtime.byte_array(text) for text in (kind, message, backtrace)]
    out = ffi.new("TVMFFIObjectHandle*")
    runtime.ok(runtime.TVMFFIErrorCreate(*given_texts, out), "TVMFFIErrorCreate")
    for array in given_texts:
        ffi.memmove(ffi.cast("char*", array.data), b"#" * array.size, array.size)
    assert texts(runtime, out[0]) == Texts(kind, message, backtrace)
    runtime.decref(out[0])


@clause("ERR-CREATE-03")
def test_result_is_an_error_object(runtime: Runtime) -> None:
    error = runtime.error()
    found = runtime.type_index(error)
    assert found == ERROR, f"TVMFFIErrorCreate made an object of type {name(found)}"
    runtime.decref(error)


@clause("ERR-CREATE-04")
@given(message=RAW_TEXT)
@example(message=b"message")
def test_caller_owns_the_only_reference(runtime: Runtime, message: bytes) -> None:
    error = runtime.error(message=message)
    deletions = runtime.spy(error)
    runtime.decref(error)
    assert deaths(deletions) == 1, "the error outlives the reference that its creator owned"


@clause("ERR-CREATE-05")
@given(pending=st.booleans())
@example(pending=False)
@example(pending=True)
def test_pending_error_is_left_alone(runtime: Runtime, pending: bool) -> None:
    before = runtime.error(message=b"pending") if pending else NULL
    if pending:
        runtime.TVMFFIErrorSetRaised(before)
    created = runtime.error(message=b"created")
    after = runtime.take_raised()
    assert after == before, "TVMFFIErrorCreate changed the raised error of the thread"
    runtime.decref(created)
    if pending:
        runtime.decref(after)
        runtime.decref(before)


@clause("ERR-CREATE-06")
def test_has_no_cause_and_no_context(runtime: Runtime) -> None:
    # Fill the allocator's free blocks, so that a field left alone is not NULL by chance.
    cause, _ = runtime.foreign(ERROR)
    for error in [error_with(runtime, cause, cause) for _ in range(32)]:
        runtime.decref(error)
    error = runtime.error()
    cell = runtime.error_cell(error)
    assert cell.cause_chain == NULL, "TVMFFIErrorCreate made an error with a cause"
    assert cell.extra_context == NULL, "TVMFFIErrorCreate made an error with an extra context"
    runtime.decref(error)


@clause("ERR-CREATE-07")
@given(kind=RAW_TEXT, message=RAW_TEXT)
@example(kind=b"ValueError", message=b"")
def test_each_call_makes_another_error(runtime: Runtime, kind: bytes, message: bytes) -> None:
    one, other = runtime.error(kind, message), runtime.error(kind, message)
    assert one != other, "two calls of TVMFFIErrorCreate gave the same object"
    runtime.decref(one)
    assert texts(runtime, other) == Texts(kind, message, b"")
    runtime.decref(other)
