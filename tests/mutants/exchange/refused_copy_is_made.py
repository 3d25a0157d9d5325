# SPDX-License-Identifier: Apache-2.0
# flaw: copy=False is not passed on, and everything is copied
# violates: EXCH-ASK-06, EXCH-COPY-03

from typing import Any

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        return super().ask(source, None)

    def _consume(self, source: Any, **asked: Any) -> Array:
        return self.copied(super()._consume(source, **asked))

    def placed(self, array: Array) -> tuple[int, int]:
        self.latest = self.copied(array)
        return super().placed(self.latest)
