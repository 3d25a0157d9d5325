# SPDX-License-Identifier: Apache-2.0
# flaw: an element of several lanes is taken for one of one
# violates: EXCH-READ-07

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def type_in(self, tensor: CData) -> tuple[int, int, int]:
        return (int(tensor.dtype.code), int(tensor.dtype.bits), 1)
