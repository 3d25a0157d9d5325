# SPDX-License-Identifier: Apache-2.0
"""TVMFFIErrorSetRaisedFromCStr and TVMFFIErrorSetRaisedFromCStrParts."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import C_TEXT, raise_parts, raised, texts

PARTS = st.lists(st.one_of(st.none(), C_TEXT), max_size=4)


@clause("ERR-TEXT-01")
@given(kind=C_TEXT, message=C_TEXT)
@example(kind=b"ValueError", message=b"")
@example(kind=b"MyOwnKind", message=b"\xff not UTF-8")
@example(kind=b"ValueError", message=b"100% %s %n {0} \n")
@example(kind=b"k" * 100_000, message=b"m" * 100_000)
def test_kind_and_message_are_those_given(runtime: Runtime, kind: bytes, message: bytes) -> None:
    runtime.TVMFFIErrorSetRaisedFromCStr(runtime.c_string(kind), runtime.c_string(message))
    error = raised(runtime, "TVMFFIErrorSetRaisedFromCStr")
    found = texts(runtime, error)
    assert (found.kind, found.message) == (kind, message)
    runtime.decref(error)


@clause("ERR-TEXT-02")
@given(message=C_TEXT)
@example(message=b"message")
def test_texts_are_copied(runtime: Runtime, message: bytes) -> None:
    kind_text, message_text = runtime.c_string(b"ValueError"), runtime.c_string(message)
    runtime.TVMFFIErrorSetRaisedFromCStr(kind_text, message_text)
    ffi.memmove(kind_text, b"##########", 10)
    ffi.memmove(message_text, b"#" * len(message), len(message))
    error = raised(runtime, "TVMFFIErrorSetRaisedFromCStr")
    found = texts(runtime, error)
    assert (found.kind, found.message) == (b"ValueError", message)
    runtime.decref(error)


@clause("ERR-TEXT-03")
@given(parts=st.booleans(), message=C_TEXT)
@example(parts=False, message=b"message")
@example(parts=True, message=b"message")
def test_the_slot_owns_the_only_reference(runtime: Runtime, parts: bool, message: bytes) -> None:
    if parts:
        raise_parts(runtime, b"ValueError", [message], 1)
    else:
        runtime.TVMFFIErrorSetRaisedFromCStr(
            runtime.c_string(b"ValueError"), runtime.c_string(message)
        )
    error = raised(runtime, "raising from C strings")
    deletions = runtime.spy(error)
    assert runtime.take_raised() == NULL
    runtime.decref(error)
    assert deaths(deletions) == 1, "an error raised from C strings outlives its last reference"


@clause("ERR-PARTS-01")
@given(kind=C_TEXT, parts=PARTS)
@example(kind=b"ValueError", parts=[b"Expected ", b"2", b" arguments"])
@example(kind=b"ValueError", parts=[b"x" * 511, b"y", b"z"])
@example(kind=b"ValueError", parts=[b"x" * 100_000, b"", b"y" * 100_000])
def test_parts_are_joined_in_order(
    runtime: Runtime, kind: bytes, parts: list[bytes | None]
) -> None:
    present: list[bytes | None] = [part for part in parts if part is not None]
    raise_parts(runtime, kind, [*present, b"beyond the end"], len(present))
    error = raised(runtime, "TVMFFIErrorSetRaisedFromCStrParts")
    found = texts(runtime, error)
    assert found.kind == kind
    assert found.message == b"".join(part for part in parts if part is not None)
    runtime.decref(error)


@clause("ERR-PARTS-02")
@given(parts=PARTS, null_at=st.integers(0, 4))
@example(parts=[], null_at=0)
@example(parts=[b"before", b"after"], null_at=1)
@example(parts=[None, None, b"end"], null_at=0)
def test_null_parts_are_skipped(runtime: Runtime, parts: list[bytes | None], null_at: int) -> None:
    with_null = [*parts[:null_at], None, *parts[null_at:]]
    raise_parts(runtime, b"ValueError", with_null, len(with_null))
    error = raised(runtime, "TVMFFIErrorSetRaisedFromCStrParts")
    assert texts(runtime, error).message == b"".join(part or b"" for part in parts)
    runtime.decref(error)


@clause("ERR-PARTS-03")
def test_no_parts_give_an_empty_message(runtime: Runtime) -> None:
    raise_parts(runtime, b"ValueError", [b"beyond the end"], 0)
    error = raised(runtime, "TVMFFIErrorSetRaisedFromCStrParts with no parts")
    found = texts(runtime, error)
    assert (found.kind, found.message) == (b"ValueError", b"")
    runtime.decref(error)
