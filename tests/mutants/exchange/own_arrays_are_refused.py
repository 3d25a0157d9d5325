# SPDX-License-Identifier: Apache-2.0
# flaw: a library refuses what it exported itself
# violates: EXCH-PAIR-05

from typing import Any

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        if isinstance(source, Array):
            raise TypeError("there is no use in that")
        return super().ask(source, copy)
