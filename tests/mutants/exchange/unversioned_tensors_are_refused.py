# SPDX-License-Identifier: Apache-2.0
# flaw: the old struct is not taken any more
# violates: EXCH-VERSION-03

from typing import Any

from ffi_cts.checks.exchange import capsules
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def expect_fresh(self, capsule: Any) -> None:
        super().expect_fresh(capsule)
        if not capsules.is_versioned(capsule):
            raise BufferError("only versioned tensors are taken")
