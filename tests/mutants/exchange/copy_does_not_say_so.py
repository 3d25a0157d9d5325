# SPDX-License-Identifier: Apache-2.0
# flaw: a copy does not have the flag IS_COPIED
# violates: EXCH-COPY-02

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def flags(self, array: Array, *, copied: bool) -> int:
        return super().flags(array, copied=False)
