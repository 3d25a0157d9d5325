# SPDX-License-Identifier: Apache-2.0
"""TVMFFIDataTypeToString."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.native import CData
from ffi_cts.checks.tensors import CODES

DType = tuple[int, int, int]

WIDTHS = {
    "kDLInt": [1, 4, 8, 16, 32, 64],
    "kDLUInt": [1, 4, 8, 16, 32, 64],
    "kDLFloat": [16, 32, 64],
    "kDLBfloat": [16],
    "kDLBool": [8],
}
STANDARD = sorted((CODES[code], bits) for code, widths in WIDTHS.items() for bits in widths)
NARROW = sorted(
    (code, int(name[8]))
    for name, code in CODES.items()
    if name.startswith(("kDLFloat8", "kDLFloat6", "kDLFloat4"))
)
lane_counts = st.sampled_from([1, 2, 4, 16, 255, 256, 32767])
dtypes = st.tuples(st.sampled_from(STANDARD), lane_counts).map(lambda pair: (*pair[0], pair[1]))
narrow = st.tuples(st.sampled_from(NARROW), lane_counts).map(lambda pair: (*pair[0], pair[1]))


def to_string(runtime: Runtime, dtype: DType) -> CData:
    """Owned TVMFFIAny* with the name of ``dtype``."""
    given_type = ffi.new("DLDataType*", dtype)
    out = runtime.keep(ffi.new("TVMFFIAny*"))
    runtime.ok(runtime.TVMFFIDataTypeToString(given_type, out), "TVMFFIDataTypeToString")
    assert (given_type.code, given_type.bits, given_type.lanes) == dtype
    return out


def round_trip(runtime: Runtime, dtype: DType) -> None:
    value = to_string(runtime, dtype)
    name = values.text(value)
    out = ffi.new("DLDataType*")
    code = runtime.TVMFFIDataTypeFromString(runtime.byte_array(name), out)
    runtime.ok(code, f"TVMFFIDataTypeFromString({name!r}), the name of {dtype},")
    found = (out.code, out.bits, out.lanes)
    assert found == dtype, f"{dtype} is written as {name!r}, which is read as {found}"
    runtime.release(value)


@clause("DTYPE-TO-01")
@given(dtype=dtypes)
@example(dtype=(6, 8, 1))
def test_names_can_be_read_again(runtime: Runtime, dtype: DType) -> None:
    round_trip(runtime, dtype)


@clause("DTYPE-TO-02")
@given(dtype=narrow)
def test_names_of_narrow_floats_can_be_read_again(runtime: Runtime, dtype: DType) -> None:
    round_trip(runtime, dtype)


@clause("DTYPE-TO-03")
@given(dtype=dtypes)
@example(dtype=(2, 32, 1))
@example(dtype=(0, 8, 32767))
def test_name_is_an_owned_string(runtime: Runtime, dtype: DType) -> None:
    value = to_string(runtime, dtype)
    index = value.type_index
    assert index in (values.INDEX["Str"], values.INDEX["SmallStr"]), (
        f"expected a string, found {values.name(index)}"
    )
    if index == values.INDEX["Str"]:
        assert value.zero_padding == 0
        assert runtime.strong(value.v_obj) >= 1
    runtime.release(value)


@clause("DTYPE-TO-04")
@given(
    known=st.sampled_from(
        [
            ((0, 32, 1), b"int32"),
            ((1, 8, 1), b"uint8"),
            ((2, 32, 1), b"float32"),
            ((2, 64, 4), b"float64x4"),
            ((4, 16, 1), b"bfloat16"),
            ((6, 8, 1), b"bool"),
            ((10, 8, 1), b"float8_e4m3fn"),
            ((12, 8, 1), b"float8_e5m2"),
        ]
    )
)
def test_names_are_the_usual_ones(runtime: Runtime, known: tuple[DType, bytes]) -> None:
    dtype, expected = known
    value = to_string(runtime, dtype)
    found = values.text(value)
    assert found == expected, f"{dtype} is written as {found!r}, not {expected!r}"
    runtime.release(value)
