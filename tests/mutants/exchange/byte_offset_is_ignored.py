# SPDX-License-Identifier: Apache-2.0
# flaw: byte_offset is not added to data
# violates: EXCH-READ-01

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def address_in(self, tensor: CData) -> int:
        return super().address_in(tensor) - int(tensor.byte_offset)
