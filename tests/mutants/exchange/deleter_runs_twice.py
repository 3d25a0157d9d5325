# SPDX-License-Identifier: Apache-2.0
# flaw: the deleter is called by the array and by its owner
# violates: EXCH-HOLD-01

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def release(self, managed: CData, *, versioned: bool) -> None:
        deleter, pointer = managed.deleter, managed
        deleter(pointer)
        deleter(pointer)
