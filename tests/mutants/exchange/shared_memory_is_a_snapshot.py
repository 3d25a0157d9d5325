# SPDX-License-Identifier: Apache-2.0
# flaw: an array that claims to share memory has a copy of it
# violates: EXCH-PAIR-04

from typing import Any

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def _consume(self, source: Any, **asked: Any) -> Array:
        made = super()._consume(source, **asked)
        made.snapshot = super().elements(made)  # type: ignore[attr-defined]
        return made

    def elements(self, array: Array) -> bytes:
        found: bytes = getattr(array, "snapshot", None) or super().elements(array)
        return found
