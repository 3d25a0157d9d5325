# SPDX-License-Identifier: Apache-2.0
# flaw: strides are read without their sign
# violates: EXCH-READ-03

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def strides_in(self, tensor: CData, shape: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(map(abs, super().strides_in(tensor, shape)))
