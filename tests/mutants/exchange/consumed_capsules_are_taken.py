# SPDX-License-Identifier: Apache-2.0
# flaw: the name of the capsule is not looked at
# violates: EXCH-HOLD-05

from typing import Any

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def expect_fresh(self, capsule: Any) -> None:
        pass

    def opened(self, capsule: Any) -> CData:
        if capsules.name(capsule) in capsules.NAMES:
            self.latest = super().opened(capsule)
        return self.latest

    def own(self, capsule: Any, managed: CData, *, versioned: bool) -> Any:
        if capsules.name(capsule) in capsules.NAMES:
            return super().own(capsule, managed, versioned=versioned)
        return None
