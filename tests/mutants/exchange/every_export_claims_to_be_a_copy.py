# SPDX-License-Identifier: Apache-2.0
# flaw: IS_COPIED is set on what is shared
# violates: EXCH-FLAGS-02

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def flags(self, array: Array, *, copied: bool) -> int:
        return super().flags(array, copied=True)
