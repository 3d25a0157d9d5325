# SPDX-License-Identifier: Apache-2.0
# flaw: the deleter forgets what the export held
# violates: EXCH-LIFE-05

from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def deleted(self, managed: int) -> None:
        pass
