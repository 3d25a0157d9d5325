# SPDX-License-Identifier: Apache-2.0
# flaw: dl_device is not looked at
# violates: EXCH-DEVICE-01

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def check(self, stream: Any, dl_device: tuple[int, int] | None) -> None:
        super().check(stream, None)
