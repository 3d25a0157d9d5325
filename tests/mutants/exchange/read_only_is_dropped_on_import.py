# SPDX-License-Identifier: Apache-2.0
# flaw: a tensor that is read-only can be written to where it was taken
# violates: EXCH-READONLY-02

from ffi_cts.checks.exchange.tensors import Seen
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def as_read_only(self, seen: Seen) -> Seen:
        return seen
