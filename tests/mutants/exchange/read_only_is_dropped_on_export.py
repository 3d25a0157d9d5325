# SPDX-License-Identifier: Apache-2.0
# flaw: the flag for read-only arrays is not set
# violates: EXCH-FLAGS-01

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def flags(self, array: Array, *, copied: bool) -> int:
        return super().flags(array, copied=copied) & ~1
