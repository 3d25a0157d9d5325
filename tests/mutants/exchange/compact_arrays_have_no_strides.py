# SPDX-License-Identifier: Apache-2.0
# flaw: strides are NULL for compact arrays, as before version 1.2
# violates: EXCH-STRUCT-04

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def strides_of(self, array: Array) -> tuple[int, ...] | None:
        return None
