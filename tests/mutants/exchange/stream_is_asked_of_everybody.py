# SPDX-License-Identifier: Apache-2.0
# flaw: the default stream is named for main memory too
# violates: EXCH-ASK-03

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        return source.__dlpack__(stream=1, max_version=(1, 3))
