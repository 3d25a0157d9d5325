# SPDX-License-Identifier: Apache-2.0
"""TVMFFIAnyViewToOwnedAny of values without an object."""

import struct

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, values
from ffi_cts.checks.native import CData
from ffi_cts.checks.values import INDEX, any_view, name, raw

INT64 = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, -1, 2**31 - 1, -(2**31), 2**32 - 1, 2**53 + 1, 2**63 - 1, -(2**63)]),
)
FLOAT_BITS = st.one_of(
    st.binary(min_size=8, max_size=8),
    st.sampled_from([0.0, -0.0, float("inf"), float("-inf"), float("nan"), 5e-324]).map(
        lambda number: struct.pack("=d", number)
    ),
)


def _same_bits(runtime: Runtime, view: CData) -> None:
    before = raw(view)
    out = ffi.new("TVMFFIAny*")
    code = runtime.TVMFFIAnyViewToOwnedAny(view, out)
    runtime.ok(code, "TVMFFIAnyViewToOwnedAny")
    assert out.type_index == view.type_index, (
        f"a view of {name(view.type_index)} became {name(out.type_index)}"
    )
    assert out.zero_padding == 0, f"the padding is {out.zero_padding:#x}"
    assert raw(out)[8:] == before[8:], (
        f"payload {before[8:].hex()} of {name(view.type_index)} became {raw(out)[8:].hex()}"
    )
    assert raw(view) == before, "TVMFFIAnyViewToOwnedAny changed the view"


@clause("ANY-POD-01")
@given(number=INT64)
def test_integer(runtime: Runtime, number: int) -> None:
    _same_bits(runtime, values.integer(number))


@clause("ANY-POD-01")
def test_none_and_both_booleans(runtime: Runtime) -> None:
    for view in (values.none(), values.boolean(False), values.boolean(True)):
        _same_bits(runtime, view)


@clause("ANY-POD-01")
@given(bits=FLOAT_BITS)
@example(bits=b"\x01\0\0\0\0\0\xf0\x7f")  # a signalling NaN
def test_float_with_any_bits(runtime: Runtime, bits: bytes) -> None:
    _same_bits(runtime, any_view(INDEX["Float"], bits))


@clause("ANY-POD-01")
@given(address=INT64)
def test_opaque_pointer(runtime: Runtime, address: int) -> None:
    _same_bits(runtime, any_view(INDEX["OpaquePtr"], address))


@clause("ANY-POD-01")
@given(code=st.integers(0, 255), bits=st.integers(0, 255), lanes=st.integers(0, 65535))
def test_dtype(runtime: Runtime, code: int, bits: int, lanes: int) -> None:
    _same_bits(runtime, any_view(INDEX["DataType"], struct.pack("=BBH", code, bits, lanes)))


@clause("ANY-POD-01")
@given(device_type=st.integers(-(2**31), 2**31 - 1), device_id=st.integers(-(2**31), 2**31 - 1))
@example(device_type=1, device_id=0)
@example(device_type=2, device_id=-1)
def test_device(runtime: Runtime, device_type: int, device_id: int) -> None:
    _same_bits(runtime, any_view(INDEX["Device"], struct.pack("=ii", device_type, device_id)))


@clause("ANY-POD-02")
def test_pointer_to_a_tensor(runtime: Runtime) -> None:
    tensor = ffi.new("DLTensor*")
    for pointer in (tensor, NULL):
        _same_bits(runtime, any_view(INDEX["DLTensorPtr"], pointer))


@clause("ANY-POD-03")
def test_unchanged_marker(runtime: Runtime) -> None:
    _same_bits(runtime, any_view(INDEX["Unchanged"]))
