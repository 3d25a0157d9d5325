# SPDX-License-Identifier: Apache-2.0
"""TVMFFIAny values: making views, packing arguments, reading and describing contents."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ffi_cts.abi import load
from ffi_cts.checks.native import NULL, CData, ffi

TYPE_NAMES = {v.value: v.name for v in load().abi.enum("TVMFFITypeIndex").values if not v.open}
INDEX = {v.name.removeprefix("kTVMFFI"): v.value for v in load().abi.enum("TVMFFITypeIndex").values}
"""Type indices by name without prefix: INDEX["SmallStr"] is 11."""


def any_view(type_index: int, payload: float | bytes | CData = 0) -> CData:
    """A TVMFFIAny* view with zero padding.

    Args:
        type_index: the tag.
        payload: int (as int64), float, up to 8 raw bytes, or a pointer.
    """
    view = ffi.new("TVMFFIAny*")
    view.type_index = type_index
    if isinstance(payload, bool | int):
        view.v_int64 = int(payload)
    elif isinstance(payload, float):
        view.v_float64 = payload
    elif isinstance(payload, bytes):
        ffi.memmove(view.v_bytes, payload.ljust(8, b"\0"), 8)
    else:
        view.v_ptr = ffi.cast("void*", payload)
    return view


def none() -> CData:
    """The value that means nothing."""
    return any_view(INDEX["None"])


def integer(value: int) -> CData:
    """An integer as a value."""
    return any_view(INDEX["Int"], value)


def boolean(value: bool) -> CData:
    """A truth value as a value."""
    return any_view(INDEX["Bool"], int(value))


def floating(value: float) -> CData:
    """A floating-point number as a value."""
    return any_view(INDEX["Float"], float(value))


def object_view(obj: CData) -> CData:
    """A view of an object under the object's own type index."""
    return any_view(int(ffi.cast("TVMFFIObject*", obj).type_index), obj)


def raw(value: CData) -> bytes:
    """The 16 bytes of a TVMFFIAny*."""
    return bytes(ffi.buffer(value, 16))


def pack(args: Sequence[CData]) -> CData:
    """An array of TVMFFIAny with copies of ``args`` (TVMFFIAny*); NULL for none."""
    if not args:
        return NULL
    packed = ffi.new("TVMFFIAny[]", len(args))
    for i, arg in enumerate(args):
        ffi.memmove(ffi.addressof(packed, i), arg, 16)
    return packed


def content(array: CData) -> bytes:
    """The bytes of a TVMFFIByteArray (struct or pointer).

    Raises AssertionError for a size that no memory has: it was never a size.
    """
    assert array.size < 1 << 40, f"a TVMFFIByteArray has the impossible size {array.size:#x}"
    return bytes(ffi.buffer(array.data, array.size)) if array.size else b""


def text(value: CData) -> bytes:
    """The bytes of a string or bytes value, whichever of its forms it has.

    Raises AssertionError if the value is neither.
    """
    index = value.type_index
    if index in (INDEX["SmallStr"], INDEX["SmallBytes"]):
        length = value.small_str_len
        assert length <= 7, f"small string of {length} bytes: at most 7 fit"
        return bytes(ffi.buffer(value.v_bytes, length))
    assert index in (INDEX["Str"], INDEX["Bytes"]), f"{name(index)} is no string or bytes value"
    return content(ffi.cast("TVMFFIByteArray*", ffi.cast("char*", value.v_obj) + 24))


def name(type_index: int) -> str:
    """kTVMFFIStr (65) rather than 65."""
    return f"{TYPE_NAMES.get(type_index, 'dynamic type index')} ({type_index})"


def payload_bytes(value: float) -> bytes:
    """The 8 payload bytes of an int or float, native byte order."""
    return struct.pack("=d" if isinstance(value, float) else "=q", value)
