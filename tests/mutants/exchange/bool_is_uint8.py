# SPDX-License-Identifier: Apache-2.0
# flaw: booleans are handed out as bytes, as before there was a code for them
# violates: EXCH-STRUCT-02

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def type_of(self, array: Array) -> tuple[int, int, int]:
        return (1, 8, 1) if array.seen.type == (6, 8, 1) else array.seen.type
