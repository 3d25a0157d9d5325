# SPDX-License-Identifier: Apache-2.0
# flaw: the capsule keeps its name, so that a second consumer frees again
# violates: EXCH-HOLD-03, EXCH-HOLD-01

from typing import Any

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini, Owner


class Library(Mini):
    def own(self, capsule: Any, managed: CData, *, versioned: bool) -> Any:
        return Owner(self, managed, versioned=versioned)
