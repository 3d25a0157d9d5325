# SPDX-License-Identifier: Apache-2.0
# oddity: whatever is refused is refused with a RuntimeError

from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def expect_version(self, major: int, minor: int) -> None:
        if major != 1:
            raise RuntimeError(f"version {major}.{minor}")

    def type_in(self, tensor: CData) -> tuple[int, int, int]:
        try:
            return super().type_in(tensor)
        except BufferError as error:
            raise RuntimeError(str(error)) from error
