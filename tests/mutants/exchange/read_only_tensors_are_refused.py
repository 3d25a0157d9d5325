# SPDX-License-Identifier: Apache-2.0
# flaw: a library without read-only arrays refuses them
# violates: EXCH-READONLY-01

from ffi_cts.checks.exchange.tensors import Seen
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def as_read_only(self, seen: Seen) -> Seen:
        raise BufferError("arrays can be written to here")
