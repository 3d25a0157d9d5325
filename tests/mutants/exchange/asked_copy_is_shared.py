# SPDX-License-Identifier: Apache-2.0
# flaw: copy=True is not passed on, and nothing is copied
# violates: EXCH-ASK-05

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        return super().ask(source, None)
