# SPDX-License-Identifier: Apache-2.0
"""TVMFFIDataTypeFromString."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi
from ffi_cts.checks.memory import guarded_array
from ffi_cts.checks.native import CData
from ffi_cts.checks.tensors import CODES
from ffi_cts.checks.texts import overwrite

DType = tuple[int, int, int]

NUMBERS: dict[str, DType] = {
    **{f"int{bits}": (CODES["kDLInt"], bits, 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (CODES["kDLUInt"], bits, 1) for bits in (8, 16, 32, 64)},
    **{f"float{bits}": (CODES["kDLFloat"], bits, 1) for bits in (16, 32, 64)},
    "bfloat16": (CODES["kDLBfloat"], 16, 1),
    "bool": (CODES["kDLBool"], 8, 1),
}
NARROW: dict[str, DType] = {
    name.removeprefix("kDL").lower(): (code, int(name[8]), 1)
    for name, code in CODES.items()
    if name.startswith(("kDLFloat8", "kDLFloat6", "kDLFloat4"))
}
names = st.sampled_from(sorted(NUMBERS))


def fenced(runtime: Runtime, text: bytes) -> CData:
    """A TVMFFIByteArray* whose last byte is followed by memory that can't be read."""
    array, block = guarded_array(text)
    runtime.keep(block)
    return runtime.keep(array)


def parse(runtime: Runtime, text: CData) -> DType:
    out = ffi.new("DLDataType*")
    runtime.ok(runtime.TVMFFIDataTypeFromString(text, out), "TVMFFIDataTypeFromString")
    return (out.code, out.bits, out.lanes)


def refused(runtime: Runtime, text: bytes) -> None:
    out = ffi.new("DLDataType*")
    code = runtime.TVMFFIDataTypeFromString(runtime.byte_array(text), out)
    assert code != 0, (
        f"{text!r} was taken for (code, bits, lanes) = {out.code, out.bits, out.lanes}"
    )
    runtime.decref(runtime.refused(code, f"TVMFFIDataTypeFromString({text!r})"))


@clause("DTYPE-FROM-01")
@given(name=names)
def test_number_types_are_known(runtime: Runtime, name: str) -> None:
    found = parse(runtime, runtime.byte_array(name.encode()))
    assert found == NUMBERS[name], f"{name} is {found}, not {NUMBERS[name]}"


@clause("DTYPE-FROM-02")
@given(name=names.filter(lambda name: name != "bool"), lanes=st.integers(2, 32767))
@example(name="float32", lanes=4)
@example(name="int8", lanes=16)
def test_lanes_follow_an_x(runtime: Runtime, name: str, lanes: int) -> None:
    text = f"{name}x{lanes}"
    found = parse(runtime, runtime.byte_array(text.encode()))
    assert found == (*NUMBERS[name][:2], lanes), f"{text} is {found}"


@clause("DTYPE-FROM-03")
@given(name=names, after=st.sampled_from([b"4", b"x4", b"64", b"_t", b" ", b"\0", b"0x2"]))
@example(name="int8", after=b"64")
@example(name="float16", after=b"x4")
def test_nothing_behind_the_size_counts(runtime: Runtime, name: str, after: bytes) -> None:
    out = ffi.new("DLDataType*")
    # A NUL behind it, so that a reader of C strings knows the name alone and fails below.
    block = runtime.c_string(name.encode())
    text = ffi.new("TVMFFIByteArray*", {"data": block, "size": len(name)})
    if runtime.TVMFFIDataTypeFromString(text, out) != 0:
        runtime.decref(runtime.take_raised())  # which names there are is not the question
        return
    alone = (out.code, out.bits, out.lanes)
    block = runtime.c_string(name.encode() + after)
    text = ffi.new("TVMFFIByteArray*", {"data": block, "size": len(name)})
    code = runtime.TVMFFIDataTypeFromString(text, out)
    runtime.ok(code, f"TVMFFIDataTypeFromString of the first {len(name)} bytes of {name}{after!r}")
    found = (out.code, out.bits, out.lanes)
    assert found == alone, f"{name} is {alone}, but followed by {after!r} in memory {found}"


@clause("DTYPE-FROM-08")
@given(texts=st.permutations(["int16", "int32", "int64", "uint8"]))
@example(texts=["int16", "uint8"])
def test_memory_of_a_name_may_hold_another_one(runtime: Runtime, texts: list[str]) -> None:
    def read(array: CData) -> DType | None:
        out = ffi.new("DLDataType*")
        if runtime.TVMFFIDataTypeFromString(array, out) == 0:
            return (out.code, out.bits, out.lanes)
        runtime.decref(runtime.take_raised())  # which names there are is not the question
        return None

    alone = {text: read(runtime.byte_array(text.encode())) for text in texts}
    array = runtime.byte_array(texts[0].encode())
    for text in texts:
        overwrite(array, text.encode())
        found = read(array)
        assert found == alone[text], (
            f"{text} is {alone[text]}, but {found} where another name was before"
        )


@clause("DTYPE-FROM-04")
@given(text=st.sampled_from(sorted([*NUMBERS, *NARROW, "float32x4", "int8x16", "float32x", "flo"])))
@example(text="int")
@example(text="float8_")
def test_nothing_behind_the_size_is_read(runtime: Runtime, text: str) -> None:
    out = ffi.new("DLDataType*")
    if runtime.TVMFFIDataTypeFromString(fenced(runtime, text.encode()), out) != 0:
        runtime.decref(runtime.take_raised())


@clause("DTYPE-FROM-05")
@given(
    text=st.sampled_from(
        [
            b"int32x",
            b"float32x-4",
            b"int32x4x4",
            b"float32x4 ",
            b"int32abc",
            b"bool8!",
            b"int-8",
            b"int8\0",
        ]
    )
)
@example(text=b"int32x")
@example(text=b"float32x-4")
def test_rest_of_the_text_must_make_sense(runtime: Runtime, text: bytes) -> None:
    refused(runtime, text)


@clause("DTYPE-FROM-06")
@given(
    text=st.sampled_from(
        [b"int18446744073709551648", b"int4294967328", b"int256", b"float32x18446744073709551620"]
    )
)
@example(text=b"int18446744073709551648")
def test_numbers_that_do_not_fit_are_refused(runtime: Runtime, text: bytes) -> None:
    refused(runtime, text)


@clause("DTYPE-FROM-07")
@given(text=st.sampled_from([b"quaternion", b"32", b"flaot32", b"xyz" * 100, b"\xff\xfe"]))
def test_unknown_names_are_refused(runtime: Runtime, text: bytes) -> None:
    refused(runtime, text)
