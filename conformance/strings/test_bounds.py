# SPDX-License-Identifier: Apache-2.0
"""A TVMFFIByteArray has no terminator: nobody may read the byte behind it."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.memory import guarded_array
from ffi_cts.checks.texts import FORMS, Form, slot

SIZES = st.one_of(st.integers(0, 20), st.sampled_from([64, 4095, 4096, 4097, 65537]))


@clause("STR-BOUND-01")
@given(form=FORMS, size=SIZES)
def test_input_is_read_to_its_end_and_no_further(runtime: Runtime, form: Form, size: int) -> None:
    content = b"b" * size
    array, _block = guarded_array(content)
    out = slot()
    form.make(runtime, array, out)
    form.expect(out, content, f"{form.function} of {size} bytes at the end of a page")
    runtime.release(out)


@clause("STR-BOUND-02")
@given(size=SIZES)
def test_view_of_bytes_is_read_to_its_end_and_no_further(runtime: Runtime, size: int) -> None:
    content = b"v" * size
    array, _block = guarded_array(content)
    owned = runtime.owned(values.any_view(values.INDEX["ByteArrayPtr"], array))
    assert values.text(owned) == content
    runtime.release(owned)


@clause("STR-BOUND-03")
def test_name_of_a_global_function_ends_with_its_array(runtime: Runtime) -> None:
    function = runtime.function_create(runtime.closure())
    out = ffi.new("TVMFFIObjectHandle*")
    for content in (b"ffi_cts." + b"b" * size for size in (*range(12), 64, 4096)):
        array, _block = guarded_array(content)
        runtime.ok(runtime.TVMFFIFunctionSetGlobal(array, function, 1), "TVMFFIFunctionSetGlobal")
        out[0] = ffi.NULL
        runtime.ok(runtime.TVMFFIFunctionGetGlobal(array, out), "TVMFFIFunctionGetGlobal")
        assert out[0] != ffi.NULL, f"the function named {content!r} is not found"
        runtime.decref(out[0])


@clause("STR-BOUND-04")
def test_type_key_ends_with_its_array(runtime: Runtime) -> None:
    index = ffi.new("int32_t*")
    for key, expected in (
        (b"ffi.Function", "Function"),
        (b"int", "Int"),
        (b"ffi.Object", "Object"),
    ):
        array, _block = guarded_array(key)
        runtime.ok(runtime.TVMFFITypeKeyToIndex(array, index), f"TVMFFITypeKeyToIndex({key!r})")
        assert index[0] == values.INDEX[expected], f"{key!r} is {values.name(index[0])}"


@clause("STR-BOUND-05")
@given(size=SIZES)
def test_texts_of_an_error_end_with_their_arrays(runtime: Runtime, size: int) -> None:
    content = b"e" * size
    array, _block = guarded_array(content)
    out = ffi.new("TVMFFIObjectHandle*")
    runtime.ok(runtime.TVMFFIErrorCreate(array, array, array, out), "TVMFFIErrorCreate")
    cell = runtime.error_cell(out[0])
    for field in ("kind", "message", "backtrace"):
        actual = values.content(getattr(cell, field))
        assert actual == content, f"the {field} has {len(actual)} bytes, where {size} are due"
    runtime.decref(out[0])


@clause("DTYPE-FROM-04")
def test_name_of_a_dtype_ends_with_its_array(runtime: Runtime) -> None:
    out = ffi.new("DLDataType*")
    names = ((b"int8", (0, 8, 1)), (b"float32", (2, 32, 1)), (b"float32x4", (2, 32, 4)))
    for name, expected in names:
        array, _block = guarded_array(name)
        if runtime.TVMFFIDataTypeFromString(array, out) != 0:
            runtime.decref(runtime.take_raised())  # which names there are is not the question
            continue
        actual = (out.code, out.bits, out.lanes)
        assert actual == expected, f"{name!r} became (code, bits, lanes) {actual}"
