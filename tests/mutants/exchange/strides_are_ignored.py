# SPDX-License-Identifier: Apache-2.0
# flaw: every tensor is taken for a compact one
# violates: EXCH-READ-02

from ffi_cts.checks.exchange.tensors import compact
from ffi_cts.checks.native import CData
from ffi_cts.selftest.mini import Mini


class Library(Mini):
    def strides_in(self, tensor: CData, shape: tuple[int, ...]) -> tuple[int, ...]:
        return compact(shape)
