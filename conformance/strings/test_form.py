# SPDX-License-Identifier: Apache-2.0
"""The two forms of strings and bytes: inside the value, and in an object."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.native import CData
from ffi_cts.checks.texts import (
    BYTES,
    CONTENTS,
    FORMS,
    NEAR,
    STRING,
    Form,
    each_form,
    one_byte_apart,
    slot,
)

SHORT = st.binary(max_size=9)


def _new(runtime: Runtime, form: Form, content: bytes) -> CData:
    out = slot()
    form.make(runtime, runtime.byte_array(content), out)
    return out


@clause("STR-SMALL-01")
@given(form=FORMS, content=CONTENTS)
@example(form=STRING, content=b"12345678")
@example(form=BYTES, content=b"12345678")
@example(form=STRING, content=b"\0" * 8)
@example(form=BYTES, content=b"\0" * 8)
def test_small_form_holds_seven_bytes_at_most(runtime: Runtime, form: Form, content: bytes) -> None:
    out = _new(runtime, form, content)
    small = out.type_index == form.small
    length = out.small_str_len
    runtime.release(out)
    assert not small or length <= 7, f"a small {form.name} of {length} bytes: 7 is the maximum"
    assert not small or length == len(content), f"small_str_len is {length} of {len(content)}"


@clause("STR-SMALL-02")
@given(form=FORMS, content=SHORT)
@example(form=STRING, content=b"")
@example(form=BYTES, content=b"")
@example(form=STRING, content=b"seven77")
@example(form=BYTES, content=b"seven77")
def test_unused_bytes_of_the_small_form_are_zero(
    runtime: Runtime, form: Form, content: bytes
) -> None:
    out = _new(runtime, form, content)
    small, unused = out.type_index == form.small, values.raw(out)[8 + len(content) :]
    runtime.release(out)
    assert not small or not any(unused), (
        f"the small {form.name} {content!r} has {unused.hex()} in its unused bytes"
    )


@clause("STR-HEAP-01")
@given(form=FORMS, content=CONTENTS)
@example(form=STRING, content=b"eight888")
@example(form=BYTES, content=b"eight888")
def test_object_has_its_byte_array_behind_the_header(
    runtime: Runtime, form: Form, content: bytes
) -> None:
    out = _new(runtime, form, content)
    if out.type_index != form.heap:
        return
    obj = out.v_obj
    array = runtime.cell(obj, "TVMFFIByteArray")
    index, counts = runtime.type_index(obj), runtime.counts(obj)
    actual = values.content(array)
    runtime.release(out)
    assert index == form.heap, f"the header says {values.name(index)}"
    assert min(counts) >= 1, f"(strong, weak) is {counts}"
    assert actual == content, f"the byte array behind the header holds {actual!r}"


@clause("STR-HEAP-02")
@given(form=FORMS, content=CONTENTS)
def test_object_ends_with_nul(runtime: Runtime, form: Form, content: bytes) -> None:
    out = _new(runtime, form, content)
    if out.type_index != form.heap:
        return
    array = runtime.cell(out.v_obj, "TVMFFIByteArray")
    behind = bytes(ffi.buffer(array.data + array.size, 1))
    runtime.release(out)
    assert behind == b"\0", f"the byte behind a {form.name} object's content is {behind!r}"


@clause("STR-HEAP-03")
@each_form
def test_every_object_has_content_of_its_own(runtime: Runtime, form: Form) -> None:
    held = [_new(runtime, form, b"number %d, long enough" % i) for i in range(64)]
    for i, value in enumerate(held):
        form.expect(value, b"number %d, long enough" % i, form.function)
    for value in held[::2]:
        runtime.release(value)
    more = [_new(runtime, form, b"replacement of %d" % i) for i in range(64)]
    for i, value in enumerate(held):
        if i % 2:
            form.expect(value, b"number %d, long enough" % i, "after others were released, it")
    for value in (*held[1::2], *more):
        runtime.release(value)


@clause("STR-HEAP-03")
@given(form=FORMS, contents=NEAR)
@example(form=STRING, contents=one_byte_apart(100, 50))
@example(form=BYTES, contents=one_byte_apart(5000, 4000))
def test_texts_that_differ_in_one_byte_are_two(
    runtime: Runtime, form: Form, contents: tuple[bytes, bytes]
) -> None:
    held = [_new(runtime, form, content) for content in contents]
    for value, content in zip(held, contents, strict=True):
        form.expect(value, content, form.function)
        runtime.release(value)


@clause("STR-HEAP-04")
@given(forms=st.lists(FORMS, min_size=2, max_size=5), order=st.permutations(range(5)))
@example(forms=[STRING, STRING, STRING], order=[0, 1, 2, 3, 4])
@example(forms=[STRING, BYTES, STRING, BYTES], order=[3, 0, 2, 1, 4])
def test_equal_values_have_a_reference_each(
    runtime: Runtime, forms: list[Form], order: list[int]
) -> None:
    content = b"equal and long enough for an object"
    held = [(form, _new(runtime, form, content)) for form in forms]
    objects = [value.v_obj for form, value in held if value.type_index == form.heap]
    for obj in objects:
        strong = runtime.strong(obj)
        assert strong >= objects.count(obj), (
            f"{objects.count(obj)} values share an object with {strong} strong references"
        )
    for number in order:
        if number < len(held):
            form, value = held[number]
            form.expect(value, content, "after equal values were released, one")
            runtime.release(value)


@clause("STR-PAD-01")
@given(form=FORMS, content=st.binary(min_size=8, max_size=64))
def test_value_of_an_object_has_zero_padding(runtime: Runtime, form: Form, content: bytes) -> None:
    out = _new(runtime, form, content)
    index, padding = out.type_index, out.zero_padding
    runtime.release(out)
    assert index == form.heap, f"{len(content)} bytes can't be in {values.name(index)}"
    assert padding == 0, f"the padding of a value with a {form.name} object is {padding:#x}"
