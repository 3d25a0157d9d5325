# SPDX-License-Identifier: Apache-2.0
"""TVMFFIErrorSetRaised and TVMFFIErrorMoveFromRaised: the slot of a thread."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.choices import one_of
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL, RAW_TEXT, Texts, texts

REPEATS = st.integers(1, 8)


@clause("ERR-RAISE-01")
@given(kind=RAW_TEXT, message=RAW_TEXT, backtrace=RAW_TEXT)
@example(kind=b"ValueError", message=b"", backtrace=b"frame\nframe\n")
def test_the_very_object_comes_back(
    runtime: Runtime, kind: bytes, message: bytes, backtrace: bytes
) -> None:
    error = runtime.error(kind, message, backtrace)
    runtime.TVMFFIErrorSetRaised(error)
    fetched = runtime.take_raised()
    assert fetched == error, "TVMFFIErrorMoveFromRaised gave another object than was raised"
    assert texts(runtime, fetched) == Texts(kind, message, backtrace)
    runtime.decref(fetched)
    runtime.decref(error)


@clause("ERR-RAISE-02")
@given(own=st.integers(1, 5))
@example(own=1)
def test_slot_has_a_reference_of_its_own(runtime: Runtime, own: int) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    for _ in range(own - 1):
        runtime.incref(error)
    runtime.TVMFFIErrorSetRaised(error)
    for _ in range(own):
        runtime.decref(error)
    assert deletions.calls == 0, "the pending error died with the caller's references"
    assert runtime.take_raised() == error
    runtime.decref(error)
    assert deaths(deletions) == 1


@clause("ERR-MOVE-01")
@given(raises=REPEATS)
@example(raises=1)
def test_slot_is_empty_after_the_error_moved_out(runtime: Runtime, raises: int) -> None:
    error = runtime.error()
    for _ in range(raises):
        runtime.TVMFFIErrorSetRaised(error)
    assert runtime.take_raised() == error
    again = runtime.take_raised()
    assert again == NULL, "TVMFFIErrorMoveFromRaised left the error in the slot"
    runtime.decref(error)
    runtime.decref(error)


@clause("ERR-MOVE-02")
@given(raises=REPEATS)
@example(raises=1)
@example(raises=2)
def test_the_slot_hands_its_reference_over(runtime: Runtime, raises: int) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    for _ in range(raises):
        runtime.TVMFFIErrorSetRaised(error)
        assert runtime.take_raised() == error
        runtime.decref(error)  # the reference that moved out
        assert deletions.calls == 0, "the slot handed over a reference that was not its own"
    assert runtime.strong(error) == 1, "a reference is left behind after the error moved out"
    runtime.decref(error)
    assert deaths(deletions) == 1


@clause("ERR-MOVE-03")
@given(garbage=st.integers(1, 2**63))
@example(garbage=1)
@example(garbage=0xDEADBEEF)
def test_empty_slot_gives_null(runtime: Runtime, garbage: int) -> None:
    out = ffi.new("TVMFFIObjectHandle*", ffi.cast("void*", garbage))
    runtime.TVMFFIErrorMoveFromRaised(out)
    assert out[0] == NULL, "an empty slot gave something other than NULL"


@clause("ERR-RAISE-03")
@given(raises=REPEATS)
@example(raises=2)
def test_raising_the_pending_error_again_keeps_it(runtime: Runtime, raises: int) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    for _ in range(raises):
        runtime.TVMFFIErrorSetRaised(error)
    runtime.decref(error)
    assert deletions.calls == 0, "the pending error died when it was raised again"
    assert runtime.take_raised() == error
    runtime.decref(error)
    assert deaths(deletions) == 1, "raising the pending error again left a reference behind"


@clause("ERR-REPLACE-01")
@given(count=st.integers(2, 8))
@example(count=2)
def test_the_latest_error_is_the_pending_one(runtime: Runtime, count: int) -> None:
    errors = [runtime.error(message=b"error %d" % i) for i in range(count)]
    for error in errors:
        runtime.TVMFFIErrorSetRaised(error)
    fetched = runtime.take_raised()
    assert fetched == errors[-1], "an error that was raised earlier came back"
    assert runtime.take_raised() == NULL, "the slot held more than one error"
    runtime.decref(fetched)
    for error in errors:
        runtime.decref(error)


WAYS = {
    "object": ("TVMFFIErrorCreate",),
    "text": ("TVMFFIErrorSetRaisedFromCStr",),
    "parts": ("TVMFFIErrorSetRaisedFromCStrParts",),
}


@clause("ERR-REPLACE-02")
@given(by=one_of(WAYS))
@example(by="object")
@example(by="text")
@example(by="parts")
def test_a_replaced_error_is_released(runtime: Runtime, by: str) -> None:
    runtime.need(*WAYS[by])
    pending, deletions = runtime.foreign(ERROR, ERROR_CELL)
    runtime.TVMFFIErrorSetRaised(pending)
    runtime.decref(pending)
    kind, message = runtime.c_string(b"ValueError"), runtime.c_string(b"newer")
    if by == "object":
        newer = runtime.error(message=b"newer")
        runtime.TVMFFIErrorSetRaised(newer)
        runtime.decref(newer)
    elif by == "text":
        runtime.TVMFFIErrorSetRaisedFromCStr(kind, message)
    else:
        parts = ffi.new("const char*[]", [message])
        runtime.TVMFFIErrorSetRaisedFromCStrParts(kind, parts, 1)
    assert deaths(deletions) == 1, f"{deaths(deletions)} deletions of the error that was replaced"
    fetched = runtime.take_raised()
    assert texts(runtime, fetched).message == b"newer"
    runtime.decref(fetched)
