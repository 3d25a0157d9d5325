# SPDX-License-Identifier: Apache-2.0
# flaw: what a producer raises becomes an error of the consumer's own
# violates: EXCH-ASK-04

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def ask(self, source: Any, copy: bool | None) -> Any:
        try:
            return super().ask(source, copy)
        except BufferError as error:
            raise RuntimeError("the import failed") from error
