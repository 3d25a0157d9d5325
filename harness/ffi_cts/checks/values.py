# SPDX-License-Identifier: Apache-2.0
"""TVMFFIAny values: making views, packing arguments, reading and describing contents."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

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


def describe(argument: Any, labels: dict[int, str]) -> str:
    """An argument of an ABI call, short and the same in every run: no addresses."""
    if isinstance(argument, int | float | str | bytes):
        return repr(argument)
    kind = ffi.typeof(argument)
    if kind.kind not in ("pointer", "function", "array"):
        return str(kind.cname)
    if argument == NULL:
        return "NULL"
    cname = str(kind.cname).replace("struct ", "")
    if cname == "TVMFFIByteArray *":
        return _describe_bytes(argument)
    if cname == "TVMFFIAny *":
        return _describe_any(argument)
    if cname in ("DLTensor *", "DLManagedTensor *", "DLManagedTensorVersioned *"):
        return _describe_tensor(argument if cname == "DLTensor *" else argument.dl_tensor)
    if cname.startswith("char["):
        return repr(ffi.string(argument, 40))
    if kind.kind == "function":
        return "callback"
    if kind.kind == "array" or cname.endswith("* *") or cname == "void * *":
        return "&out" if cname.endswith("* *") else f"{kind.item.cname}[{len(argument)}]"
    address = int(ffi.cast("uintptr_t", argument))
    if cname.startswith("void *") and address < 4096:
        return hex(address)
    return labels.get(address, cname.removesuffix(" *").replace("void", "pointer"))


def _describe_bytes(array: CData) -> str:
    if array.data == NULL and array.size:
        return f"{array.size} bytes at NULL"
    shown = bytes(ffi.buffer(array.data, min(array.size, 40)))
    return repr(shown) + (f"… {array.size} bytes" if array.size > 40 else "")


def _describe_any(value: CData) -> str:
    index = value.type_index
    short = TYPE_NAMES.get(index, str(index)).removeprefix("kTVMFFI")
    if index in (INDEX["Int"], INDEX["Bool"]):
        return f"{short} {value.v_int64}"
    if index == INDEX["Float"]:
        return f"{short} {value.v_float64!r}"
    return short


def _describe_tensor(tensor: CData) -> str:
    ndim = tensor.ndim
    if not 0 <= ndim <= 8 or (ndim and tensor.shape == NULL):
        return f"tensor(ndim={ndim})"
    shape = [tensor.shape[i] for i in range(ndim)]
    strides = None if tensor.strides == NULL else [tensor.strides[i] for i in range(ndim)]
    dtype = tensor.dtype
    return (
        f"tensor(shape={shape}, strides={strides}, dtype=({dtype.code}, {dtype.bits}, "
        f"{dtype.lanes}), byte_offset={tensor.byte_offset})"
    )
