# SPDX-License-Identifier: Apache-2.0
# flaw: the shape is looked at once more after the deleter
# violates: EXCH-HOLD-01

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def release(self, managed: CData, *, versioned: bool) -> None:
        super().release(managed, versioned=versioned)
        self.last_rank = managed.dl_tensor.ndim
