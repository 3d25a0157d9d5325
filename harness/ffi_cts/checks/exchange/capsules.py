# SPDX-License-Identifier: Apache-2.0
"""Capsules with managed tensors, through Python's C API.

No names of capsules are made here: the protocol wants them to outlive every capsule, so they are
those of the helpers in C.
"""

from __future__ import annotations

import ctypes
from typing import Any

from ffi_cts.checks.native import CData, ffi, native

_api = ctypes.pythonapi
_new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(
    ("PyCapsule_New", _api)
)
_name = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", _api))
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", _api)
)
_rename = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_void_p)(
    ("PyCapsule_SetName", _api)
)
_TYPE = type(_new(1, None, None))

NAMES = ("dltensor", "dltensor_versioned")
"""Names of capsules that nobody has consumed, by whether their tensor is versioned."""


def is_capsule(thing: object) -> bool:
    """Whether it is a PyCapsule."""
    return isinstance(thing, _TYPE)


def new(managed: CData, *, versioned: bool) -> Any:
    """A capsule that owns ``managed``: its destructor calls the deleter unless it is renamed."""
    destructor = ffi.addressof(native, "cts_capsule_drop")
    return _new(_address(managed), _address(_static(versioned, used=False)), _address(destructor))


def name(capsule: Any) -> str:
    """The name of a capsule, "" where it has none."""
    found: bytes | None = _name(capsule)
    return "" if found is None else found.decode("utf-8", "replace")


def is_versioned(capsule: Any) -> bool:
    """Whether it holds a ``DLManagedTensorVersioned`` that nobody has consumed."""
    return name(capsule) == NAMES[1]


def managed(capsule: Any) -> CData:
    """The managed tensor in a capsule that nobody has consumed; the capsule still owns it.

    Raises:
        ValueError: it has another name.
    """
    versioned = is_versioned(capsule)
    found = _pointer(capsule, NAMES[versioned].encode())
    return ffi.cast("DLManagedTensorVersioned*" if versioned else "DLManagedTensor*", found)


def consume(capsule: Any) -> None:
    """Rename a capsule, as its consumer does: from then on the caller owns the tensor."""
    _rename(capsule, _address(_static(is_versioned(capsule), used=True)))


def _static(versioned: bool, *, used: bool) -> CData:
    return native.cts_capsule_name(int(versioned), int(used))


def _address(pointer: CData) -> int:
    return int(ffi.cast("uintptr_t", pointer))
