# SPDX-License-Identifier: Apache-2.0
# flaw: max_version is passed to producers that know none
# violates: EXCH-ASK-02

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        more = {} if copy is None else {"copy": copy}
        return source.__dlpack__(max_version=(1, 3), **more)
