# SPDX-License-Identifier: Apache-2.0
# flaw: a byte behind the last element is read
# violates: EXCH-READ-06

from ffi_cts.checks.native import ffi
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def elements(self, array: Array) -> bytes:
        seen = array.seen
        steps = zip(seen.shape, seen.strides or (), strict=True)
        end = (sum((size - 1) * step for size, step in steps) + 1) * seen.type[1] // 8
        return super().elements(array)[
            : len(ffi.buffer(ffi.cast("char*", seen.address), end + 1)[:])
        ]
