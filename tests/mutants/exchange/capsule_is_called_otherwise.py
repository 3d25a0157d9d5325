# SPDX-License-Identifier: Apache-2.0
# flaw: the capsule has a name of the library
# violates: EXCH-CAPSULE-01

import ctypes
from typing import Any

from ffi_cts.selftest.mini import Mini

_NAME = b"mini_dltensor"
_rename = ctypes.pythonapi.PyCapsule_SetName
_rename.argtypes = [ctypes.py_object, ctypes.c_char_p]


class Library(Mini):
    def capsule(self, managed: Any, *, versioned: bool) -> Any:
        made = super().capsule(managed, versioned=versioned)
        _rename(made, _NAME)
        return made
