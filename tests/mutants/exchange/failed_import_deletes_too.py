# SPDX-License-Identifier: Apache-2.0
# flaw: a tensor that is refused is deleted, and its capsule keeps the name
# violates: EXCH-HOLD-04

from typing import Any

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def opened(self, capsule: Any) -> CData:
        managed = super().opened(capsule)
        try:
            self.type_in(managed.dl_tensor)
        except BufferError:
            self.release(managed, versioned=capsules.is_versioned(capsule))
            raise
        return managed
