# SPDX-License-Identifier: Apache-2.0
# flaw: data of an array without elements is where they would be
# violates: EXCH-STRUCT-05

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def placed(self, array: Array) -> tuple[int, int]:
        return array.seen.address, 0
