# SPDX-License-Identifier: Apache-2.0
"""TVMFFIErrorCell.update_backtrace."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.errors import (
    APPEND,
    ERROR,
    ERROR_CELL,
    RAW_TEXT,
    REPLACE,
    Texts,
    error_with,
    texts,
    update_backtrace,
)

MODES = st.sampled_from([REPLACE, APPEND])


@clause("ERR-TRACE-01")
@given(created=st.booleans())
@example(created=True)
@example(created=False)
def test_every_error_offers_it(runtime: Runtime, created: bool) -> None:
    if created:
        error = runtime.error()
    else:
        runtime.TVMFFIErrorSetRaisedFromCStr(runtime.c_string(b"E"), runtime.c_string(b"m"))
        error = runtime.take_raised()
    assert runtime.error_cell(error).update_backtrace != NULL
    update_backtrace(runtime, error, runtime.byte_array(b"frame\n"), REPLACE)
    assert texts(runtime, error).backtrace == b"frame\n"
    runtime.decref(error)


@clause("ERR-TRACE-02")
@given(before=RAW_TEXT, given_text=RAW_TEXT)
@example(before=b"old", given_text=b"")
@example(before=b"", given_text=b"new")
@example(before=b"a long old one", given_text=b"new\0")
def test_replace_puts_the_new_text_in_place(
    runtime: Runtime, before: bytes, given_text: bytes
) -> None:
    error = runtime.error(backtrace=before)
    update_backtrace(runtime, error, runtime.byte_array(given_text), REPLACE)
    assert texts(runtime, error).backtrace == given_text
    runtime.decref(error)


@clause("ERR-TRACE-03")
@given(before=RAW_TEXT, added=RAW_TEXT)
@example(before=b"first\n", added=b"second\n")
@example(before=b"first", added=b"")
@example(before=b"", added=b"\0second")
def test_append_adds_at_the_end(runtime: Runtime, before: bytes, added: bytes) -> None:
    error = runtime.error(backtrace=before)
    update_backtrace(runtime, error, runtime.byte_array(added), APPEND)
    assert texts(runtime, error).backtrace == before + added
    runtime.decref(error)


@clause("ERR-TRACE-04")
@given(updates=st.lists(st.tuples(MODES, st.binary(max_size=100)), max_size=8))
@example(updates=[(APPEND, b"frame %d\n" % i) for i in range(100)])
@example(updates=[(APPEND, b"x" * 100), (REPLACE, b""), (APPEND, b"y" * 100), (APPEND, b"z")])
@example(updates=[(REPLACE, b"a frame\0and more"), (APPEND, b"another")])
def test_updates_add_up(runtime: Runtime, updates: list[tuple[int, bytes]]) -> None:
    error = runtime.error(backtrace=b"start")
    expected = b"start"
    for mode, text in updates:
        update_backtrace(runtime, error, runtime.byte_array(text), mode)
        expected = text if mode == REPLACE else expected + text
        assert texts(runtime, error).backtrace == expected
    runtime.decref(error)


@clause("ERR-TRACE-05")
@given(kind=RAW_TEXT, message=RAW_TEXT, text=RAW_TEXT, mode=MODES)
@example(kind=b"ValueError", message=b"message", text=b"x" * 5_000, mode=APPEND)
@example(kind=b"ValueError", message=b"message", text=b"x" * 5_000, mode=REPLACE)
def test_kind_and_message_stay(
    runtime: Runtime, kind: bytes, message: bytes, text: bytes, mode: int
) -> None:
    error = runtime.error(kind, message, b"start")
    update_backtrace(runtime, error, runtime.byte_array(text), mode)
    expected = text if mode == REPLACE else b"start" + text
    assert texts(runtime, error) == Texts(kind, message, expected)
    runtime.decref(error)


@clause("ERR-TRACE-06")
@given(text=RAW_TEXT, mode=MODES)
@example(text=b"frame\n", mode=APPEND)
@example(text=b"frame\n", mode=REPLACE)
def test_text_is_copied(runtime: Runtime, text: bytes, mode: int) -> None:
    error = runtime.error()
    array = runtime.byte_array(text)
    update_backtrace(runtime, error, array, mode)
    ffi.memmove(ffi.cast("char*", array.data), b"#" * len(text), len(text))
    assert texts(runtime, error).backtrace == text
    runtime.decref(error)


@clause("ERR-TRACE-07")
@given(mode=MODES)
@example(mode=APPEND)
@example(mode=REPLACE)
def test_cause_and_context_stay(runtime: Runtime, mode: int) -> None:
    cause, _ = runtime.foreign(ERROR, ERROR_CELL)
    context, _ = runtime.foreign()
    error = error_with(runtime, cause, context)
    update_backtrace(runtime, error, runtime.byte_array(b"frame\n"), mode)
    cell = runtime.error_cell(error)
    assert (cell.cause_chain, cell.extra_context) == (cause, context)
    runtime.decref(error)
    assert runtime.strong(cause) == runtime.strong(context) == 1


@clause("ERR-TRACE-08")
@given(before=RAW_TEXT, mode=MODES)
@example(before=b"frame\n", mode=APPEND)
@example(before=b"frame\n" * 1000, mode=APPEND)
@example(before=b"frame\n", mode=REPLACE)
def test_own_backtrace_as_the_argument(runtime: Runtime, before: bytes, mode: int) -> None:
    error = runtime.error(backtrace=before)
    own = ffi.addressof(runtime.error_cell(error), "backtrace")
    update_backtrace(runtime, error, own, mode)
    assert texts(runtime, error).backtrace == (before if mode == REPLACE else before * 2)
    runtime.decref(error)
