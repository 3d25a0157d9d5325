# SPDX-License-Identifier: Apache-2.0
# flaw: the version is not looked at
# violates: EXCH-VERSION-01

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def expect_version(self, major: int, minor: int) -> None:
        pass
