# SPDX-License-Identifier: Apache-2.0
# flaw: copy=True is refused
# violates: EXCH-COPY-04

from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def copied(self, array: Array) -> Array:
        raise BufferError("arrays are not copied here")
