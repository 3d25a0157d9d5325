# SPDX-License-Identifier: Apache-2.0
# flaw: what was taken is never given back
# violates: EXCH-HOLD-01

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def release(self, managed: CData, *, versioned: bool) -> None:
        pass
