# SPDX-License-Identifier: Apache-2.0
"""TVMFFIStringFromByteArray and TVMFFIBytesFromByteArray: what goes in comes out."""

import pytest
from hypothesis import given

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.texts import BYTES, CONTENTS, PROBES, STRING, Form, each_form, slot


def _round_trip(runtime: Runtime, form: Form, content: bytes) -> None:
    out = slot()
    form.make(runtime, runtime.byte_array(content), out)
    form.expect(out, content, f"{form.function} of {len(content)} bytes")
    runtime.release(out)


@clause("STR-FROM-01")
@given(content=CONTENTS)
def test_string_of_any_bytes(runtime: Runtime, content: bytes) -> None:
    _round_trip(runtime, STRING, content)


@clause("STR-FROM-01")
def test_string_of_every_size_that_matters(runtime: Runtime) -> None:
    for content in PROBES:
        _round_trip(runtime, STRING, content)


@clause("STR-FROM-02")
@given(content=CONTENTS)
def test_bytes_of_any_bytes(runtime: Runtime, content: bytes) -> None:
    _round_trip(runtime, BYTES, content)


@clause("STR-FROM-02")
def test_bytes_of_every_size_that_matters(runtime: Runtime) -> None:
    for content in PROBES:
        _round_trip(runtime, BYTES, content)


@clause("STR-FROM-03")
@each_form
@pytest.mark.parametrize("size", [0, 7, 8, 65536])
def test_input_is_not_changed(runtime: Runtime, form: Form, size: int) -> None:
    content = b"\x5a" * size
    array, out = runtime.byte_array(content), slot()
    data = array.data
    form.make(runtime, array, out)
    assert (array.data, array.size) == (data, size), f"{form.function} changed its argument"
    assert bytes(ffi.buffer(data, size)) == content, f"{form.function} changed the input bytes"
    runtime.release(out)


@clause("STR-FROM-04")
@each_form
def test_null_pointer_with_size_zero_is_empty(runtime: Runtime, form: Form) -> None:
    out = slot()
    form.make(runtime, ffi.new("TVMFFIByteArray*", {"data": NULL, "size": 0}), out)
    form.expect(out, b"", f"{form.function} of no bytes at NULL")
    runtime.release(out)
