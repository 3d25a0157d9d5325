# SPDX-License-Identifier: Apache-2.0
# oddity: strides that lead nowhere are 12345

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def strides_of(self, array: Array) -> tuple[int, ...] | None:
        seen = array.seen
        empty = 0 in seen.shape
        both = zip(seen.shape, seen.strides or (), strict=True)
        return tuple(12345 if size == 1 or empty else step for size, step in both)
