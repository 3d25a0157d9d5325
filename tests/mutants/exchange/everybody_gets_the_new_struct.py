# SPDX-License-Identifier: Apache-2.0
# flaw: the versioned struct is handed out to who did not ask for it
# violates: EXCH-ASKED-02

from typing import Any

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def managed(self, array: Array, flags: int, *, versioned: bool) -> CData:
        return super().managed(array, flags, versioned=True)

    def capsule(self, managed: CData, *, versioned: bool) -> Any:
        return super().capsule(managed, versioned=True)
