# SPDX-License-Identifier: Apache-2.0
# flaw: the capsule has no destructor
# violates: EXCH-LIFE-03

import ctypes
from typing import Any

from ffi_cts.selftest.mini import Mini

_set = ctypes.pythonapi.PyCapsule_SetDestructor
_set.argtypes = [ctypes.py_object, ctypes.c_void_p]


class Library(Mini):
    def capsule(self, managed: Any, *, versioned: bool) -> Any:
        made = super().capsule(managed, versioned=versioned)
        _set(made, None)
        return made
