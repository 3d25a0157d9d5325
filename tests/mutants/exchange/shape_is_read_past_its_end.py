# SPDX-License-Identifier: Apache-2.0
# flaw: the first dimension is read of a tensor that has none
# violates: EXCH-READ-06

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def shape_in(self, tensor: CData) -> tuple[int, ...]:
        return super().shape_in(tensor) if int(tensor.shape[0]) >= 0 else ()
