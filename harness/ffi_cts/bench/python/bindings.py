# SPDX-License-Identifier: Apache-2.0
"""Small bindings of TVMFFIFunctionCall: what Python can do with ctypes and cffi.

Each does what a binding must. It makes the slots anew for every call, because a callee may
call back into the same function; turns integers into slots; and reads the return code and the
result. The ways of making slots are the cheapest that were found, by instructions.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_int32, c_int64, c_uint32, c_void_p
from typing import Any

from ffi_cts.bench.python.extensions import load
from ffi_cts.bench.python.world import Slot, World

INT = 1

Binding = Callable[..., "int | None"]


class _Slots(ctypes.Structure):
    """Three slots in one flat structure: an array would give each as an object of its own."""

    _fields_ = tuple(
        (f"{name}_{i}", kind)
        for i in range(3)
        for name, kind in (("index", c_int32), ("zero", c_uint32), ("value", c_int64))
    )


def _by_ctypes(world: World) -> Any:
    """The function without `argtypes`: what it is given has the right types already."""
    return world.library["TVMFFIFunctionCall"]


def ctypes_0(world: World, function: c_void_p) -> Binding:
    """Bind `function` for calls without arguments."""
    function_call = _by_ctypes(world)

    def call() -> int | None:
        result = Slot()
        if function_call(function, None, 0, byref(result)):
            raise RuntimeError("the function failed")
        return result.v_int64 if result.type_index == INT else None

    return call


def ctypes_3(world: World, function: c_void_p) -> Binding:
    """Bind `function` for calls with three integers."""
    function_call = _by_ctypes(world)

    def call(a: int, b: int, c: int) -> int | None:
        slots = _Slots()
        slots.index_0 = slots.index_1 = slots.index_2 = INT
        slots.value_0 = a
        slots.value_1 = b
        slots.value_2 = c
        result = Slot()
        if function_call(function, byref(slots), 3, byref(result)):
            raise RuntimeError("the function failed")
        return result.v_int64 if result.type_index == INT else None

    return call


def _by_cffi(world: World, function: c_void_p) -> tuple[Any, Any, Any]:
    from ffi_cts._declarations import ffi

    foreign: Any = ffi
    library = foreign.dlopen(str(world.path), foreign.RTLD_NOW | foreign.RTLD_LOCAL)
    return foreign, library.TVMFFIFunctionCall, foreign.cast("void*", function.value)


def cffi_abi_0(world: World, function: c_void_p) -> Binding:
    """Bind `function` for calls without arguments."""
    ffi, function_call, handle = _by_cffi(world, function)
    new, null, slot = ffi.new, ffi.NULL, ffi.typeof("TVMFFIAny*")

    def call() -> int | None:
        result = new(slot)
        if function_call(handle, null, 0, result):
            raise RuntimeError("the function failed")
        return result.v_int64 if result.type_index == INT else None

    return call


def cffi_abi_3(world: World, function: c_void_p) -> Binding:
    """Bind `function` for calls with three integers."""
    ffi, function_call, handle = _by_cffi(world, function)
    new, slot, three = ffi.new, ffi.typeof("TVMFFIAny*"), ffi.typeof("TVMFFIAny[3]")

    def call(a: int, b: int, c: int) -> int | None:
        slots = new(three)
        one = slots[0]
        one.type_index = INT
        one.v_int64 = a
        one = slots[1]
        one.type_index = INT
        one.v_int64 = b
        one = slots[2]
        one.type_index = INT
        one.v_int64 = c
        result = new(slot)
        if function_call(handle, slots, 3, result):
            raise RuntimeError("the function failed")
        return result.v_int64 if result.type_index == INT else None

    return call


def cffi_api(world: World) -> tuple[Any, Callable[[c_void_p], Any]]:
    """Give the extension in API mode, told of the library, and what turns handles into its own."""
    module = load("cts_cffi")
    ffi, library = module.ffi, module.lib
    library.cts_use(ffi.cast("void*", world.address("FunctionCall")))
    return library, lambda function: ffi.cast("void*", function.value)
