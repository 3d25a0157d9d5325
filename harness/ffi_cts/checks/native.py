# SPDX-License-Identifier: Apache-2.0
"""The cffi declarations of the ABI, and the C helpers of the checks."""

from __future__ import annotations

import re
from typing import Any

from cffi import FFI

from ffi_cts._paths import native_library, resource
from ffi_cts.abi.generate import CDEF

# cffi objects are typed at run time; Any is all that a static checker can know of them.
CData = Any


def _declarations() -> str:
    text = resource("native/native.h").read_text(encoding="utf-8")
    begin, end = text.index("/* cffi: begin */"), text.index("/* cffi: end */")
    return re.sub(r"/\*.*?\*/", "", text[begin:end], flags=re.DOTALL)


ffi: CData = FFI()
ffi.cdef(resource(str(CDEF)).read_text(encoding="utf-8"))
ffi.cdef(_declarations())

native: CData = ffi.dlopen(str(native_library("native")), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
NULL: CData = ffi.NULL
