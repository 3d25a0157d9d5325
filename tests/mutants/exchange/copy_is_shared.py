# SPDX-License-Identifier: Apache-2.0
# flaw: copy=True is taken for a hint
# violates: EXCH-COPY-01

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def copied(self, array: Array) -> Array:
        return array
