# SPDX-License-Identifier: Apache-2.0
# flaw: strides are read though they are NULL
# violates: EXCH-READ-04

from ffi_cts.checks.native import CData, ffi
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def strides_in(self, tensor: CData, shape: tuple[int, ...]) -> tuple[int, ...]:
        steps = ffi.new("int64_t[]", len(shape) or 1)
        ffi.memmove(steps, ffi.cast("char*", tensor.strides), 8 * len(shape))
        return tuple(int(steps[axis]) for axis in range(len(shape)))
