# SPDX-License-Identifier: Apache-2.0
# flaw: the shape is written in the order of a column-major library
# violates: EXCH-STRUCT-01

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def shape_of(self, array: Array) -> tuple[int, ...]:
        return array.seen.shape[::-1]
