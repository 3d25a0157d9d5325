# SPDX-License-Identifier: Apache-2.0
"""Any library that follows the Python protocol, by two expressions of the user."""

from __future__ import annotations

import importlib
from typing import Any

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.strict import NEWEST, Taken
from ffi_cts.checks.exchange.tensors import READ_ONLY, Seen, Tensor


class ModuleExchanger(Exchanger):
    """A library without an adapter.

    Args:
        module: what is imported; the expressions know it as ``lib``.
        make: gives an array; it may use ``array`` (of numpy, with the elements), ``values`` (nested
            lists of them), ``shape`` and ``dtype`` (a name such as float32).
        consume: gives an array over the tensor of ``x``.
    """

    def __init__(self, module: str, make: str, consume: str) -> None:
        self._lib = importlib.import_module(module)
        self._make = compile(make, "--make", "eval")
        self.asks = "from_dlpack" in consume
        self._take = compile(consume, "--consume", "eval")

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """What the expression gives.

        Raises:
            Impossible: it raises, or gives elements of another type or in another shape.
        """
        if readonly or tensor.strides is not None or tensor.lanes != 1:
            raise Impossible(f"--make gives no {'read-only ' * readonly}{tensor}")
        import numpy as np

        if not hasattr(np, tensor.dtype) and tensor.dtype != "bool":
            raise Impossible(f"numpy has no {tensor.dtype} to make it of")
        # A copy, so that the library is not the second to hold the same memory.
        array = np.frombuffer(tensor.storage(), dtype=tensor.dtype).reshape(tensor.shape).copy()
        names = {"array": array, "shape": tensor.shape, "dtype": tensor.dtype}
        try:
            made = self._evaluate(self._make, values=array.tolist(), **names)
            seen = self.look(made)
        except Exception as error:
            raise Impossible(f"--make raises {type(error).__name__}: {error}") from error
        if (seen.shape, seen.type) != (tensor.shape, tensor.type):
            raise Impossible(f"--make gives {seen} for {tensor}")
        return made

    def look(self, array: Any) -> Seen:
        """By an export, which is all that is known of such a library."""
        try:
            taken = Taken(array.__dlpack__(max_version=NEWEST))
        except TypeError:
            taken = Taken(array.__dlpack__())
        seen = taken.seen
        # Only the flag says something: without it the library may still refuse to write.
        readonly = True if taken.flags & READ_ONLY else None
        return Seen(seen.address, seen.shape, seen.strides, seen.type, readonly)

    def _consume(self, source: Any, **asked: Any) -> Any:
        if asked:
            raise TypeError("--consume passes no keywords on")
        return self._evaluate(self._take, x=source)

    def _evaluate(self, expression: Any, **names: Any) -> Any:
        # What the user typed, in a child: it can do no more than the library itself.
        return eval(expression, {"lib": self._lib, **names})  # noqa: S307
