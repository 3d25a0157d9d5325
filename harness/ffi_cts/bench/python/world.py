# SPDX-License-Identifier: Apache-2.0
"""What operations of the Python layer work with: the library, and the packages around it."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import signal
from contextlib import suppress
from ctypes import c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from functools import cached_property
from pathlib import Path
from typing import Any

from ffi_cts._paths import native_library
from ffi_cts.bench.python import package
from ffi_cts.bench.python.reasons import Unavailable, reason_of

_FATAL = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
_INT, _TENSOR_POINTER, _TENSOR, _OBJECT_SIZE = 1, 7, 70, 24


class Slot(ctypes.Structure):
    """A TVMFFIAny, as far as it is used here."""

    _fields_ = (("type_index", c_int32), ("zero_padding", c_uint32), ("v_int64", c_int64))


class _ByteArray(ctypes.Structure):
    _fields_ = (("data", c_char_p), ("size", c_size_t))


_SAFE_CALL = ctypes.CFUNCTYPE(c_int, c_void_p, ctypes.POINTER(Slot), c_int32, ctypes.POINTER(Slot))


class Witness:
    """A callee that remembers its calls; it returns the sum of its integers, or None.

    `seen` holds the arguments of the last call: an integer, or a tensor's data address.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.seen: list[int | None] = []
        self.pointer = _SAFE_CALL(self._call)

    def _call(self, _self: int | None, args: Any, count: int, result: Any) -> int:
        self.calls += 1
        self.seen = [_plain(args[i]) for i in range(count)]
        if count and all(args[i].type_index == _INT for i in range(count)):
            result[0].type_index = _INT
            result[0].v_int64 = sum(args[i].v_int64 for i in range(count))
        return 0


def _plain(slot: Slot) -> int | None:
    if slot.type_index == _INT:
        return int(slot.v_int64)
    if slot.type_index in (_TENSOR_POINTER, _TENSOR):
        header = _OBJECT_SIZE if slot.type_index == _TENSOR else 0
        return c_void_p.from_address(slot.v_int64 + header).value
    return None


class World:
    """The library, loaded, and the packages, imported when they are first asked for.

    Args:
        path: the library.
        torch: whether PyTorch may be imported.

    Raises:
        OSError: the library can't be loaded.
    """

    def __init__(self, path: Path, *, torch: bool) -> None:
        self.path = path
        self._may_torch = torch
        if torch:
            # Before the library: the other order has made symbols of the two clash. Why it
            # can't be imported is told when an operation asks for it.
            with suppress(Unavailable):
                _optional("torch")
        self.library = ctypes.CDLL(str(path), mode=os.RTLD_NOW | os.RTLD_LOCAL)
        _die_of_crashes()
        self.native = ctypes.CDLL(str(native_library("native")))
        self.witness = Witness()

    def lacking(self, needs: tuple[str, ...]) -> str | None:
        """The first function of `needs` that the library doesn't export."""
        for name in needs:
            if not hasattr(self.library, f"TVMFFI{name}"):
                return name
        return None

    @cached_property
    def nothing(self) -> c_void_p:
        """A function object of the library that does nothing. It lives as long as the process."""
        return self._create(ctypes.cast(self.native.cts_nothing, c_void_p))

    @cached_property
    def witnessed(self) -> c_void_p:
        """A function object that calls the witness, likewise."""
        return self._create(ctypes.cast(self.witness.pointer, c_void_p))

    def _create(self, safe_call: c_void_p) -> c_void_p:
        handle = c_void_p()
        create = self.library.TVMFFIFunctionCreate
        if create(None, safe_call, None, ctypes.byref(handle)) != 0:
            raise Unavailable("FunctionCreate fails")
        return handle

    def address(self, name: str) -> int:
        """Address of the library's function `name`, given without its prefix."""
        found = ctypes.cast(getattr(self.library, f"TVMFFI{name}"), c_void_p).value
        assert found is not None
        return found

    def register(self, name: str, function: c_void_p) -> None:
        """Make `function` a global function of the library."""
        text = name.encode()
        key = _ByteArray(text, len(text))
        if self.library.TVMFFIFunctionSetGlobal(ctypes.byref(key), function, 1) != 0:
            raise Unavailable("FunctionSetGlobal fails")

    @cached_property
    def numpy(self) -> Any:
        """The package, if it can be imported."""
        return _optional("numpy")

    @cached_property
    def torch(self) -> Any:
        """The package, if it can be imported."""
        if not self._may_torch:
            raise Unavailable("importing torch takes a minute under valgrind: only time is taken")
        return _optional("torch")

    @property
    def package(self) -> Any:
        """The Python package `tvm_ffi` that the library belongs to.

        Raises:
            Unavailable: there is none beside it, or it doesn't work with this Python.
        """
        found = self._package_or_reason
        if isinstance(found, Unavailable):
            raise found
        return found

    @cached_property
    def _package_or_reason(self) -> Any:
        # A second try to import what has failed halfway would fail for another reason.
        try:
            found = package.load(self.path)
        except Unavailable as reason:
            return reason
        _die_of_crashes()
        return found

    @property
    def takes_torch(self) -> bool:
        """Whether the package and PyTorch, imported both, can exchange tensors at once."""
        return package.knows_torch(self.path)


def _die_of_crashes() -> None:
    """A library's own handlers would answer a crash with a slow report instead of dying of it."""
    for number in _FATAL:
        signal.signal(number, signal.SIG_DFL)


def _optional(name: str) -> Any:
    if importlib.util.find_spec(name) is None:
        raise Unavailable(f"{name} is not installed")
    try:
        return importlib.import_module(name)
    except Exception as error:  # a damaged installation may raise anything
        raise Unavailable(f"{name} can't be imported: {reason_of(error)}") from None
