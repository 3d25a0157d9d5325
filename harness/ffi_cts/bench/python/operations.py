# SPDX-License-Identifier: Apache-2.0
"""The operations of the Python layer: every way from Python into a function that does nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import c_void_p
from typing import Any

from ffi_cts.bench.python import bindings
from ffi_cts.bench.python.extensions import load
from ffi_cts.bench.python.loops import loop, loop_out
from ffi_cts.bench.python.model import Operation, Prepared
from ffi_cts.bench.python.reasons import Unavailable, reason_of
from ffi_cts.bench.python.world import World

INTEGERS = (1, 2, 3)
ELEMENTS = 16
"""Of a tensor: few, so that the call is what costs."""

_CALL = ("FunctionCall", "FunctionCreate")
_GLOBAL = (*_CALL, "FunctionSetGlobal")
_TRIES = 3


def _floor(world: World, *arguments: int) -> Prepared:
    try:
        module = load("cts_floor")
    except Unavailable:
        # Without a compiler: the interpreter's own function that comes closest. It is called in
        # the same way, and once it has met a 1 it only sees that its arguments are integers.
        gcd = math.gcd
        return Prepared(loop(gcd, *arguments), lambda: gcd(*arguments) == min(1, len(arguments)))
    nothing, count = module.nothing, module.count
    return Prepared(
        loop(nothing, *arguments),
        lambda: nothing(*arguments) is None and count(*arguments) == len(arguments),
    )


def _bound(
    world: World, bind: Callable[[World, c_void_p], bindings.Binding], *arguments: int
) -> Prepared:
    """A binding made here: of a function that does nothing, and of one that tells of its calls."""
    silent, telling = bind(world, world.nothing), bind(world, world.witnessed)
    again, wide = loop(telling, *arguments), _wide(arguments)

    def check() -> bool:
        return (
            silent(*arguments) is None
            and telling(*wide) == (sum(wide) or None)
            and _arrives(world, lambda: again(_TRIES), arguments)
        )

    return Prepared(loop(silent, *arguments), check)


def _wide(arguments: tuple[int, ...]) -> tuple[int, ...]:
    """Integers that 32 bits can't hold."""
    return tuple(argument << 40 for argument in arguments)


def _arrives(world: World, call: Callable[[], object], expected: tuple[int, ...]) -> bool:
    """Whether `call` calls the witness as often as the loop says, with what is expected."""
    before = world.witness.calls
    call()
    return world.witness.calls == before + _TRIES and world.witness.seen == [*expected]


def _cffi_api(world: World, *arguments: int) -> Prepared:
    library, own = bindings.cffi_api(world)
    function = getattr(library, f"cts_call_{len(arguments)}")
    silent, telling = own(world.nothing), own(world.witnessed)
    again, wide = loop(function, telling, *arguments), _wide(arguments)
    return Prepared(
        loop(function, silent, *arguments),
        lambda: (
            function(silent, *arguments) == 0
            and function(telling, *wide) == sum(wide)
            and library.cts_failures() == 0
            and _arrives(world, lambda: again(_TRIES), arguments)
        ),
    )


def _bound_in_cpp(world: World, name: str, *arguments: int) -> Prepared:
    module = load(name)
    function = getattr(module, f"nothing_{len(arguments)}")
    return Prepared(
        loop(function, *arguments),
        lambda: (
            function(*arguments) is None
            and module.sum_3(*_wide(INTEGERS)) == sum(_wide(INTEGERS))
            and _refuses(function, *[None] * (len(arguments) or 1))
        ),
    )


def _refuses(function: Callable[..., object], *arguments: object) -> bool:
    """Whether arguments of a wrong type or number raise TypeError, thus are looked at at all."""
    try:
        function(*arguments)
    except TypeError:
        return True
    return False


def _packaged(world: World, arguments: tuple[Any, ...], expected: tuple[int, ...]) -> Prepared:
    """The library's own Python package, whose function objects are called as they are."""
    package = world.package
    world.register("ffi_cts.nothing", world.nothing)
    world.register("ffi_cts.witness", world.witnessed)
    silent = package.get_global_func("ffi_cts.nothing")
    telling = package.get_global_func("ffi_cts.witness")
    again = loop(telling, *arguments)
    try:
        telling(*arguments)
    except Exception as error:  # foreign code: an old release may not take such arguments
        raise Unavailable(
            f"the package does not take these arguments: {reason_of(error)}"
        ) from None
    return Prepared(
        loop(silent, *arguments),
        lambda: silent(*arguments) is None and _arrives(world, lambda: again(_TRIES), expected),
    )


def _packaged_integers(world: World, *arguments: int) -> Prepared:
    return _packaged(world, arguments, arguments)


def _packaged_numpy(world: World) -> Prepared:
    numpy = world.numpy
    arrays = tuple(numpy.zeros(ELEMENTS, dtype=numpy.float32) for _ in range(3))
    return _packaged(world, arrays, tuple(array.ctypes.data for array in arrays))


def _packaged_torch(world: World) -> Prepared:
    torch = world.torch
    if world.package and not world.takes_torch:
        raise Unavailable("this release would compile an extension for this torch when imported")
    tensors = tuple(torch.zeros(ELEMENTS) for _ in range(3))
    return _packaged(world, tensors, tuple(tensor.data_ptr() for tensor in tensors))


def _numpy_add(world: World) -> Prepared:
    numpy = world.numpy
    one, out = _aligned(numpy), _aligned(numpy)
    one.fill(1)
    return Prepared(loop(numpy.add, one, one, out), lambda: bool((out == 2).all()))


def _aligned(numpy: Any) -> Any:
    """Zeros that begin a cache line, because a vector loop counts differently where they don't."""
    room = numpy.zeros(ELEMENTS * 4 + 64, dtype=numpy.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + ELEMENTS * 4].view(numpy.float32)


def _torch_add(world: World) -> Prepared:
    torch = world.torch
    one = torch.ones(ELEMENTS)
    out = torch.zeros(ELEMENTS)
    return Prepared(loop_out(torch.add, one, one, out), lambda: bool((out == 2).all()))


def _operation(
    name: str,
    says: str,
    prepare: Callable[..., Prepared],
    *given: object,
    needs: tuple[str, ...] = (),
    torch: bool = False,
) -> Operation:
    return Operation(
        name=f"python.{name}",
        says=says,
        prepare=lambda world: prepare(world, *given),
        needs=needs,
        control=not needs,
        torch=torch,
    )


def _pair(
    name: str,
    says: str,
    prepare: Callable[..., Prepared],
    *given: object,
    needs: tuple[str, ...] = (),
) -> tuple[Operation, Operation]:
    """The operation without arguments, and with three integers."""
    return (
        _operation(f"{name}_0", f"{says}, no arguments", prepare, *given, needs=needs),
        _operation(f"{name}_3", f"{says}, 3 integers", prepare, *given, *INTEGERS, needs=needs),
    )


# ctypes and cffi bind a function for a number of arguments.
def _ctypes(world: World, *arguments: int) -> Prepared:
    return _bound(world, bindings.ctypes_3 if arguments else bindings.ctypes_0, *arguments)


def _cffi_abi(world: World, *arguments: int) -> Prepared:
    return _bound(world, bindings.cffi_abi_3 if arguments else bindings.cffi_abi_0, *arguments)


OPERATIONS: tuple[Operation, ...] = (
    *_pair("floor", "an empty C function (METH_FASTCALL); math.gcd without a compiler", _floor),
    *_pair("ctypes", "FunctionCall through ctypes", _ctypes, needs=_CALL),
    *_pair("cffi_abi", "FunctionCall through cffi in ABI mode", _cffi_abi, needs=_CALL),
    *_pair("cffi_api", "FunctionCall through C by cffi in API mode", _cffi_api, needs=_CALL),
    *_pair("pybind11", "an empty C++ function bound with pybind11", _bound_in_cpp, "cts_pybind11"),
    *_pair("nanobind", "an empty C++ function bound with nanobind", _bound_in_cpp, "cts_nanobind"),
    *_pair("tvm_ffi", "the library's own Python package", _packaged_integers, needs=_GLOBAL),
    _operation(
        "tvm_ffi_numpy",
        "the library's own Python package, 3 NumPy arrays",
        _packaged_numpy,
        needs=_GLOBAL,
    ),
    _operation(
        "tvm_ffi_torch",
        "the library's own Python package, 3 PyTorch tensors",
        _packaged_torch,
        needs=_GLOBAL,
        torch=True,
    ),
    _operation("numpy_add", f"numpy.add of {ELEMENTS} floats, with out", _numpy_add),
    _operation("torch_add", f"torch.add of {ELEMENTS} floats, with out", _torch_add, torch=True),
)
