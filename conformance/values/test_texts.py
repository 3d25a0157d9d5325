# SPDX-License-Identifier: Apache-2.0
"""TVMFFIAnyViewToOwnedAny of views of text, which become owned strings and bytes."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.memory import guarded
from ffi_cts.checks.texts import BYTES, CONTENTS, FORMS, PROBES, STRING, Form
from ffi_cts.checks.values import INDEX, any_view, raw

C_STRINGS = CONTENTS.map(lambda content: content.replace(b"\0", b"."))
SMALL = st.binary(max_size=7)


def _own_c_string(runtime: Runtime, content: bytes) -> None:
    source = bytearray(content + b"\0")
    view = any_view(INDEX["RawStr"], ffi.from_buffer(source))
    before = raw(view)
    owned = runtime.owned(view)
    assert raw(view) == before, "TVMFFIAnyViewToOwnedAny changed the view"
    source[:] = b"#" * len(source)
    STRING.expect(owned, content, "owning a C string that was then overwritten")
    runtime.release(owned)


@clause("ANY-RAWSTR-01")
@given(content=C_STRINGS)
def test_c_string_becomes_a_string(runtime: Runtime, content: bytes) -> None:
    _own_c_string(runtime, content)


@clause("ANY-RAWSTR-01")
def test_c_string_of_every_size_that_matters(runtime: Runtime) -> None:
    for content in PROBES:
        _own_c_string(runtime, content.replace(b"\0", b"."))


@clause("ANY-RAWSTR-02")
@given(size=st.one_of(st.integers(0, 20), st.sampled_from([4095, 4096, 65536])))
def test_c_string_is_read_to_its_nul_and_no_further(runtime: Runtime, size: int) -> None:
    block = guarded(b"c" * size + b"\0")
    owned = runtime.owned(any_view(INDEX["RawStr"], block))
    STRING.expect(owned, b"c" * size, f"owning a C string of {size} bytes at the end of a page")
    runtime.release(owned)


@clause("ANY-RAWSTR-03")
def test_c_string_ends_at_its_first_nul(runtime: Runtime) -> None:
    for content in (b"\0behind", b"ab\0cd", b"long enough for an object\0rest"):
        owned = runtime.owned(any_view(INDEX["RawStr"], runtime.c_string(content)))
        STRING.expect(owned, content.split(b"\0")[0], f"owning the C string {content!r}")
        runtime.release(owned)


def _own_byte_array(runtime: Runtime, content: bytes) -> None:
    source = bytearray(content or b"\0")
    array = ffi.new("TVMFFIByteArray*", {"data": ffi.from_buffer(source), "size": len(content)})
    owned = runtime.owned(any_view(INDEX["ByteArrayPtr"], array))
    source[:] = b"#" * len(source)
    array.data, array.size = ffi.NULL, 0
    BYTES.expect(owned, content, "owning a byte array that was then overwritten")
    runtime.release(owned)


@clause("ANY-BYTES-01")
@given(content=CONTENTS)
def test_byte_array_becomes_bytes(runtime: Runtime, content: bytes) -> None:
    _own_byte_array(runtime, content)


@clause("ANY-BYTES-01")
def test_byte_array_of_every_size_that_matters(runtime: Runtime) -> None:
    for content in PROBES:
        _own_byte_array(runtime, content)


@clause("ANY-SMALL-01")
@given(form=FORMS, content=SMALL)
def test_small_form_stays_readable(runtime: Runtime, form: Form, content: bytes) -> None:
    view = any_view(form.small, content)
    view.small_str_len = len(content)
    before = raw(view)
    owned = runtime.owned(view)
    assert raw(view) == before, "TVMFFIAnyViewToOwnedAny changed the view"
    form.expect(owned, content, f"owning a small {form.name}")
    runtime.release(owned)


@clause("ANY-TEXT-01")
@given(form=FORMS, content=CONTENTS)
def test_owned_text_can_be_viewed_and_owned_again(
    runtime: Runtime, form: Form, content: bytes
) -> None:
    source = ffi.new("TVMFFIAny*")
    form.make(runtime, runtime.byte_array(content), source)
    owned = runtime.owned(source)
    runtime.release(source)
    form.make(runtime, runtime.byte_array(b"!" * len(content)), source)  # would take a free place
    form.expect(owned, content, f"owning a {form.name} whose first owner let go")
    runtime.release(source)
    runtime.release(owned)


@clause("ANY-PAD-01")
@given(content=st.binary(min_size=8, max_size=40).map(lambda text: text.replace(b"\0", b".")))
def test_owned_object_of_a_text_has_zero_padding(runtime: Runtime, content: bytes) -> None:
    array = ffi.new("TVMFFIByteArray*", {"data": runtime.c_string(content), "size": len(content)})
    views = (
        any_view(INDEX["RawStr"], runtime.c_string(content)),
        any_view(INDEX["ByteArrayPtr"], array),
    )
    for view in views:
        owned = runtime.owned(view)
        index, padding = owned.type_index, owned.zero_padding
        runtime.release(owned)
        assert padding == 0, f"the padding of {values.name(index)} is {padding:#x}"
