# SPDX-License-Identifier: Apache-2.0
# flaw: the destructor of the capsule calls the deleter of a consumed tensor too
# violates: EXCH-LIFE-04

import ctypes
from typing import Any

from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.checks.native import ffi
from ffi_cts.selftest.mini import Array, Mini

_set = ctypes.pythonapi.PyCapsule_SetDestructor
_set.argtypes = [ctypes.py_object, ctypes.c_void_p]


class Library(Mini):
    def __init__(self) -> None:
        super().__init__()
        self.inside: dict[int, int] = {}
        self.destructor = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(self.dropped)

    def capsule(self, managed: Any, *, versioned: bool) -> Any:
        made = super().capsule(managed, versioned=versioned)
        self.inside[id(made)] = int(ffi.cast("uintptr_t", managed))
        _set(made, ctypes.cast(self.destructor, ctypes.c_void_p))
        return made

    def dropped(self, capsule: int) -> None:
        self.deleted(self.inside.pop(capsule))

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Array:
        made = super().make(tensor, readonly=readonly)
        size = len(tensor.storage())
        # Freed memory is given to the next who asks; here it is told apart at once.
        made.owner = ffi.gc(made.owner, lambda block: ffi.memmove(block, b"\xdd" * size, size))
        return made
