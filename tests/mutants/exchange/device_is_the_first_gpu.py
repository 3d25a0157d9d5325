# SPDX-License-Identifier: Apache-2.0
# flaw: the device of arrays in main memory is that of the default context
# violates: EXCH-STRUCT-06

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def device_of(self, array: Array) -> tuple[int, int]:
        return (2, 0)
