# SPDX-License-Identifier: Apache-2.0
# flaw: dl_device is refused whatever it is
# violates: EXCH-DEVICE-02

from typing import Any

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def check(self, stream: Any, dl_device: tuple[int, int] | None) -> None:
        super().check(stream, None)
        if dl_device is not None:
            raise BufferError("arrays stay where they are")
