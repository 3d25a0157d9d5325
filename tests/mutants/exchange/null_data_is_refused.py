# SPDX-License-Identifier: Apache-2.0
# flaw: a tensor without elements is refused for its NULL
# violates: EXCH-READ-05

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def address_in(self, tensor: CData) -> int:
        if not super().address_in(tensor):
            raise ValueError("data is NULL")
        return super().address_in(tensor)
