# SPDX-License-Identifier: Apache-2.0
"""A program of the tests: calls launch_scale of the module with odd tensors.

``call_module.py RUNTIME MODULE FAKE`` prints a JSON object: what each case raised, or which of
eight elements it doubled.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

from ffi_cts._declarations import ffi

CPU, CUDA = 1, 2
INT, FLOAT, DL_TENSOR, RAW_STR = 1, 3, 7, 8
FLOAT32 = (2, 32, 1)

CASES: dict[str, dict[str, Any]] = {
    "contiguous": {},
    "no strides": {"strides": None},
    "byte offset": {"byte_offset": 8},
    "scalar": {"shape": [], "strides": []},
    "empty with odd strides": {"shape": [0, 3], "strides": [7, 7]},
    "odd stride of one": {"shape": [1, 4], "strides": [99, 1]},
    "on the CPU": {"device": (CPU, 0)},
    "float64": {"dtype": (2, 64, 1)},
    "two lanes": {"dtype": (2, 32, 2)},
    "int32": {"dtype": (0, 32, 1)},
    "transposed": {"strides": [1, 2]},
    "one argument": {"count": 1},
    "integer factor": {"factor": INT},
    "no tensor": {"tensor": RAW_STR},
}


def call(
    lib: Any,
    function: Any,
    drain: Any,
    *,
    shape: tuple[int, ...] = (2, 2),
    strides: tuple[int, ...] | None = (2, 1),
    device: tuple[int, int] = (CUDA, 0),
    dtype: tuple[int, int, int] = FLOAT32,
    byte_offset: int = 0,
    count: int = 2,
    factor: int = FLOAT,
    tensor: int = DL_TENSOR,
) -> str | list[int]:
    """Give what the call raised, or the elements that it doubled."""
    data = ffi.new("float[8]", [1.0] * 8)
    keep = [ffi.new("int64_t[]", list(shape)), ffi.new("int64_t[]", list(strides or ()))]
    view: Any = ffi.new("DLTensor*")
    view.data, view.device, view.dtype, view.ndim = data, device, dtype, len(shape)
    view.shape, view.strides = keep[0], ffi.NULL if strides is None else keep[1]
    view.byte_offset = byte_offset
    args, result, error = ffi.new("TVMFFIAny[2]"), ffi.new("TVMFFIAny*"), ffi.new("void**")
    args[0].type_index, args[0].v_ptr = tensor, view
    args[1].type_index, args[1].v_float64 = factor, 2.0
    if function(ffi.NULL, args, count, result) == 0:
        drain()
        return [i for i in range(8) if data[i] == 2.0]
    lib.TVMFFIErrorMoveFromRaised(error)
    cell: Any = ffi.cast("TVMFFIErrorCell*", ffi.cast("TVMFFIObject*", error[0]) + 1)
    text = bytes(ffi.buffer(cell.message.data, cell.message.size)).decode()
    lib.TVMFFIObjectDecRef(error[0])
    return text


def main(runtime: str, module: str, fake: str) -> None:
    lib = ffi.dlopen(runtime, ffi.RTLD_NOW | ffi.RTLD_GLOBAL)
    loaded = ctypes.CDLL(module)
    address = ctypes.cast(getattr(loaded, "__tvm_ffi_launch_scale"), ctypes.c_void_p).value
    assert address is not None
    function = ffi.cast("TVMFFISafeCallType", address)
    drain = ctypes.CDLL(fake).fake_drain_all
    print(json.dumps({name: call(lib, function, drain, **case) for name, case in CASES.items()}))


main(*sys.argv[1:])
