# SPDX-License-Identifier: Apache-2.0
"""Objects that the library makes, read at the offsets that the headers promise."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, values
from ffi_cts.checks.choices import supported
from ffi_cts.checks.kinds import index_of, is_immutable, make, makeable
from ffi_cts.checks.native import CData
from ffi_cts.checks.tensors import Spec, tensor_from, view_of
from ffi_cts.checks.texts import BYTES, STRING

texts = st.binary(min_size=8, max_size=300)


def raw(obj: CData, offset: int, size: int) -> int:
    """``size`` bytes at ``offset`` of an object, as an unsigned number."""
    return int(ffi.cast(f"uint{8 * size}_t*", ffi.cast("char*", obj) + offset)[0])


def address(pointer: CData) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def objects(runtime: Runtime) -> dict[str, CData]:
    """One owned object of each kind that the library can make."""
    return {kind: make(runtime, kind).obj for kind in makeable()}


@clause("LAYOUT-RUN-01")
def test_object_header(runtime: Runtime) -> None:
    for kind, obj in objects(runtime).items():
        count, index, deleter = raw(obj, 0, 8), raw(obj, 8, 4), raw(obj, 16, 8)
        strong, weak = count & 0xFFFFFFFF, count >> 32
        shared = is_immutable(kind) and 1 <= strong < 2**16 and 1 <= weak < 2**16
        assert shared or count == 1 | 1 << 32, (
            f"{kind}: the 8 bytes at 0 are {count:#x}, not both counts 1"
        )
        assert index == index_of(kind), f"{kind}: the 4 bytes at 8 are {values.name(index)}"
        assert deleter != 0, f"{kind}: the pointer at 16, the deleter, is NULL"
        runtime.decref(obj)


@clause("LAYOUT-RUN-02")
def test_objects_are_aligned(runtime: Runtime) -> None:
    for kind, obj in objects(runtime).items():
        assert address(obj) % 8 == 0, f"{kind} at {address(obj):#x}"
        runtime.decref(obj)


@clause("LAYOUT-RUN-03")
@given(text=texts)
@example(text=b"\0" * 8)
def test_string_cell(runtime: Runtime, text: bytes) -> None:
    for form in supported({form: (form.function,) for form in (STRING, BYTES)}):
        value = ffi.new("TVMFFIAny*")
        form.make(runtime, runtime.byte_array(text), value)
        data, size = raw(value.v_obj, 24, 8), raw(value.v_obj, 32, 8)
        assert size == len(text), f"the size at 32 is {size}, not {len(text)}"
        assert bytes(ffi.buffer(ffi.cast("char*", data), size)) == text
        runtime.release(value)


@clause("LAYOUT-RUN-04")
@given(kind=texts, message=texts, backtrace=texts)
def test_error_cell(runtime: Runtime, kind: bytes, message: bytes, backtrace: bytes) -> None:
    error = runtime.error(kind, message, backtrace)
    for offset, expected in ((24, kind), (40, message), (56, backtrace)):
        data, size = raw(error, offset, 8), raw(error, offset + 8, 8)
        found = bytes(ffi.buffer(ffi.cast("char*", data), size))
        assert found == expected, f"the byte array at {offset} is {found!r}, not {expected!r}"
    assert raw(error, 72, 8) != 0, "the pointer at 72, update_backtrace, is NULL"
    runtime.decref(error)


@clause("LAYOUT-RUN-05")
@given(number=st.integers(-(2**63), 2**63 - 1))
def test_function_cell(runtime: Runtime, number: int) -> None:
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    safe_call = ffi.cast("TVMFFISafeCallType", raw(function, 24, 8))
    assert safe_call != NULL, "the pointer at 24, safe_call, is NULL"
    result = ffi.new("TVMFFIAny*")
    view = values.integer(number)
    code = runtime.through("TVMFFIFunctionCell.safe_call", safe_call, function, view, 1, result)
    assert (code, result.type_index, result.v_int64) == (0, values.INDEX["Int"], number)
    assert closure.calls == 1
    runtime.decref(function)


@clause("LAYOUT-RUN-06")
def test_opaque_cell(runtime: Runtime) -> None:
    opaque, log = runtime.opaque()
    found = raw(opaque, 24, 8)
    assert found == address(log), "the pointer at 24 is not the handle given"
    runtime.decref(opaque)


@clause("LAYOUT-RUN-07")
@given(offset=st.integers(0, 2**64 - 1), device_id=st.integers(0, 2**31 - 1))
def test_tensor_follows_the_header(runtime: Runtime, offset: int, device_id: int) -> None:
    # OpenCL data are handles, to which no offset can be added.
    spec = Spec(byte_offset=offset, device=(4, device_id), dtype=(1, 16, 3))
    tensor, _ = tensor_from(runtime, spec)
    assert raw(tensor, 24, 8) == spec.data, "the pointer at 24 is not the data pointer"
    assert (raw(tensor, 32, 4), raw(tensor, 36, 4)) == (4, device_id), "no device at 32"
    assert raw(tensor, 40, 4) == 2, "the number of dimensions is not at 40"
    assert (raw(tensor, 44, 1), raw(tensor, 45, 1), raw(tensor, 46, 2)) == (1, 16, 3)
    assert raw(tensor, 64, 8) == offset, "the byte offset is not at 64"
    runtime.decref(tensor)


@clause("LAYOUT-RUN-08")
def test_type_info(runtime: Runtime) -> None:
    for key in (b"ffi.Object", b"ffi.String", b"ffi.Error", b"ffi.Function", b"ffi.Tensor"):
        index = values.INDEX[{b"ffi.String": "Str"}.get(key, key.decode().removeprefix("ffi."))]
        info = runtime.TVMFFIGetTypeInfo(index)
        assert info != NULL, f"no type info for {values.name(index)}"
        assert raw(info, 0, 4) == index, f"{key!r}: the type index is not at 0"
        depth = raw(info, 4, 4)
        assert depth == (0 if key == b"ffi.Object" else 1), f"{key!r}: depth at 4 is {depth}"
        data, size = raw(info, 8, 8), raw(info, 16, 8)
        assert bytes(ffi.buffer(ffi.cast("char*", data), size)) == key
        if depth:
            root = ffi.cast("uintptr_t*", raw(info, 24, 8))[0]
            assert raw(ffi.cast("void*", root), 0, 4) == values.INDEX["Object"], (
                f"{key!r}: the first ancestor at 24 is not ffi.Object"
            )


@clause("LAYOUT-RUN-09")
@given(ndim=st.integers(1, 8))
def test_views_have_the_same_layout(runtime: Runtime, ndim: int) -> None:
    tensor, _ = tensor_from(runtime)
    view = view_of(runtime, tensor, Spec(shape=(3,) * ndim, strides=tuple(range(ndim))))
    assert raw(view, 40, 4) == ndim
    shape = ffi.cast("int64_t*", raw(view, 48, 8))
    strides = ffi.cast("int64_t*", raw(view, 56, 8))
    assert [shape[i] for i in range(ndim)] == [3] * ndim, "the pointer at 48 is not the shape"
    assert [strides[i] for i in range(ndim)] == list(range(ndim)), "no strides at 56"
    runtime.helper("cts_strong_decref", view)
    runtime.decref(tensor)
