# SPDX-License-Identifier: Apache-2.0
# flaw: strides are handed out in bytes, as a buffer has them
# violates: EXCH-STRUCT-03, EXCH-PAIR-01

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def strides_of(self, array: Array) -> tuple[int, ...] | None:
        size = array.seen.type[1] // 8
        return tuple(step * size for step in array.seen.strides or ())
