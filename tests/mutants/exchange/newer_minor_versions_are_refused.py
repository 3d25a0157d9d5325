# SPDX-License-Identifier: Apache-2.0
# flaw: versions behind the library's own are refused
# violates: EXCH-VERSION-02

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def expect_version(self, major: int, minor: int) -> None:
        super().expect_version(major, minor)
        if minor > 3:
            raise BufferError(f"version {major}.{minor} is too new")
