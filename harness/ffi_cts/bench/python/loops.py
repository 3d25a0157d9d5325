# SPDX-License-Identifier: Apache-2.0
"""The loops of the Python layer: what is measured, with nothing in it but the call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import repeat
from types import FunctionType
from typing import Any

Loop = Callable[[int], None]


def _loop_0(call: Callable[..., object], n: int) -> None:
    for _ in repeat(None, n):
        call()


def _loop_1(call: Callable[..., object], a: object, n: int) -> None:
    for _ in repeat(None, n):
        call(a)


def _loop_3(call: Callable[..., object], a: object, b: object, c: object, n: int) -> None:
    for _ in repeat(None, n):
        call(a, b, c)


def _loop_4(  # one function for each number of arguments: `call(*args)` would cost more
    call: Callable[..., object], a: object, b: object, c: object, d: object, n: int
) -> None:
    for _ in repeat(None, n):
        call(a, b, c, d)


def _loop_out(call: Callable[..., object], a: object, b: object, c: object, n: int) -> None:
    for _ in repeat(None, n):
        call(a, b, out=c)


_LOOPS: dict[int, FunctionType] = {
    0: _loop_0,  # type: ignore[dict-item]  # mypy sees a callable, not the function that it is
    1: _loop_1,  # type: ignore[dict-item]
    3: _loop_3,  # type: ignore[dict-item]
    4: _loop_4,  # type: ignore[dict-item]
}


def loop(call: Callable[..., object], *arguments: object) -> Loop:
    """Give the loop that calls `call` with `arguments`, of which there are 0, 1, 3 or 4."""
    return partial(_own(_LOOPS[len(arguments)]), call, *arguments)


def loop_out(call: Callable[..., object], a: object, b: object, out: object) -> Loop:
    """Give the loop that calls ``call(a, b, out=out)``."""
    function: Any = _loop_out
    return partial(_own(function), call, a, b, out)


def _own(template: FunctionType) -> Callable[..., None]:
    """Copy a loop: the interpreter specialises code for what it calls, so none is shared."""
    return FunctionType(template.__code__.replace(), template.__globals__, template.__name__)
