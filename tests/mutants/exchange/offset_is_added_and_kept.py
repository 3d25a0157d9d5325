# SPDX-License-Identifier: Apache-2.0
# flaw: byte_offset says what data already has
# violates: EXCH-STRUCT-03

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def placed(self, array: Array) -> tuple[int, int]:
        return array.seen.address, 16
