# SPDX-License-Identifier: Apache-2.0
"""The cffi declarations of the ABI, and the C helpers of the checks."""

from __future__ import annotations

from typing import Any

from ffi_cts import _declarations
from ffi_cts._paths import native_library

# cffi objects are typed at run time; Any is all that a static checker can know of them.
CData = Any

ffi: CData = _declarations.ffi
native: CData = ffi.dlopen(str(native_library("native")), ffi.RTLD_NOW | ffi.RTLD_LOCAL)
NULL: CData = ffi.NULL
