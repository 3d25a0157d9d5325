# SPDX-License-Identifier: Apache-2.0
# flaw: bits that the header does not define are set
# violates: EXCH-FLAGS-03

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def flags(self, array: Array, *, copied: bool) -> int:
        return super().flags(array, copied=copied) | 1 << 40
