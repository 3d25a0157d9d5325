# SPDX-License-Identifier: Apache-2.0
# flaw: what is taken is given back at once, and used all the same
# violates: EXCH-HOLD-01, EXCH-PAIR-02, EXCH-PAIR-03

from typing import Any

from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.checks.native import CData, ffi
from ffi_cts.selftest.mini import Array, Mini


class Library(Mini):
    def own(self, capsule: Any, managed: CData, *, versioned: bool) -> Any:
        super().own(capsule, managed, versioned=versioned)
        return None

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Array:
        made = super().make(tensor, readonly=readonly)
        size = len(tensor.storage())
        # Freed memory is given to the next who asks; here it is told apart at once.
        made.owner = ffi.gc(made.owner, lambda block: ffi.memmove(block, b"\xdd" * size, size))
        return made
