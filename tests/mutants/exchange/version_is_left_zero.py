# SPDX-License-Identifier: Apache-2.0
# flaw: the version of the struct is never filled in
# violates: EXCH-CAPSULE-02

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def version(self) -> tuple[int, int]:
        return (0, 0)
