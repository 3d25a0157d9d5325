# SPDX-License-Identifier: Apache-2.0
"""Error objects as the checks read, raise and fetch them."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st

from ffi_cts.checks import values
from ffi_cts.checks.native import NULL, CData, ffi
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine.context import Nonconformance

ERROR = values.INDEX["Error"]
REPLACE, APPEND = 0, 1
ERROR_CELL = 72
"""Payload of a foreign error: sizeof(TVMFFIErrorCell)."""

ODD_TEXTS = (b"", b"\0", b"a\0b", b"\xff\xfe\x80", b"1234567", b"12345678", b"long " * 500)

RAW_TEXT = st.one_of(st.sampled_from(ODD_TEXTS), st.binary(max_size=16))
"""Any bytes: empty, with NUL, no UTF-8, longer than a buffer on a stack."""

C_TEXT = RAW_TEXT.map(lambda text: text.replace(b"\0", b"0"))
"""What a NUL-terminated string can hold."""


@attrs.frozen
class Texts:
    """The three texts of an error."""

    kind: bytes
    message: bytes
    backtrace: bytes


def texts(runtime: Runtime, error: CData) -> Texts:
    """Copies of an error's texts."""
    cell = runtime.error_cell(error)
    return Texts(
        values.content(cell.kind), values.content(cell.message), values.content(cell.backtrace)
    )


def raised(runtime: Runtime, after: str) -> CData:
    """The pending error, owned by the caller.

    Raises:
        Nonconformance: nothing is pending, or something that is no error.
    """
    error = runtime.take_raised()
    if error == NULL:
        raise Nonconformance(f"no error is pending after {after}")
    found = runtime.type_index(error)
    if found != ERROR:
        raise Nonconformance(f"{after} left a pending {values.name(found)}, which is no error")
    return error


def discard_raised(runtime: Runtime) -> None:
    """Empty the slot of this thread."""
    error = runtime.take_raised()
    if error != NULL:
        runtime.decref(error)


def error_with(
    runtime: Runtime, cause: CData = NULL, context: CData = NULL, message: bytes = b"message"
) -> CData:
    """New error with a cause and a context, which are borrowed; the caller owns one reference."""
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFIErrorCreateWithCauseAndExtraContext(
        runtime.byte_array(b"ValueError"),
        runtime.byte_array(message),
        runtime.byte_array(b"backtrace"),
        cause,
        context,
        out,
    )
    runtime.ok(code, "TVMFFIErrorCreateWithCauseAndExtraContext")
    assert out[0] != NULL, "TVMFFIErrorCreateWithCauseAndExtraContext left its output NULL"
    return out[0]


def update_backtrace(runtime: Runtime, error: CData, text: CData, mode: int) -> None:
    """Call the error's own ``update_backtrace`` with a TVMFFIByteArray*."""
    update = runtime.error_cell(error).update_backtrace
    runtime.through("TVMFFIErrorCell.update_backtrace", update, error, text, mode)


def raise_parts(runtime: Runtime, kind: bytes, parts: list[bytes | None], count: int) -> None:
    """TVMFFIErrorSetRaisedFromCStrParts with the first ``count`` of ``parts``; None is NULL."""
    pointers = [NULL if part is None else runtime.c_string(part) for part in parts]
    array = ffi.new("const char*[]", pointers)
    runtime.TVMFFIErrorSetRaisedFromCStrParts(runtime.c_string(kind), array, count)
