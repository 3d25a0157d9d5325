# SPDX-License-Identifier: Apache-2.0
# flaw: stream is not looked at
# violates: EXCH-STREAM-01

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def check(self, stream: Any, dl_device: tuple[int, int] | None) -> None:
        super().check(None, dl_device)
