# SPDX-License-Identifier: Apache-2.0
# flaw: an export does not keep the array alive
# violates: EXCH-LIFE-01

from typing import Any

from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.checks.native import ffi
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def held(self, array: Array) -> Any:
        return None

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Array:
        made = super().make(tensor, readonly=readonly)
        size = len(tensor.storage())
        # Freed memory is given to the next who asks; here it is told apart at once.
        made.owner = ffi.gc(made.owner, lambda block: ffi.memmove(block, b"\xdd" * size, size))
        return made
