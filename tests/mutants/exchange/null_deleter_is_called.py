# SPDX-License-Identifier: Apache-2.0
# flaw: the deleter is called though it is NULL
# violates: EXCH-HOLD-02

import ctypes

from ffi_cts.checks.native import CData, ffi
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def release(self, managed: CData, *, versioned: bool) -> None:
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(int(ffi.cast("uintptr_t", managed.deleter)))(
            int(ffi.cast("uintptr_t", managed))
        )
