# SPDX-License-Identifier: Apache-2.0
"""numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.tensors import Seen, Tensor

_CODES = {"i": 0, "u": 1, "f": 2, "c": 5, "b": 6}


class Library(Exchanger):
    """``numpy.ndarray`` and ``numpy.from_dlpack``."""

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """An array over memory of its own, read-only or not."""
        if tensor.lanes != 1 or "bfloat" in tensor.dtype or "float8" in tensor.dtype:
            raise Impossible(f"numpy has no {tensor.dtype}")
        if tensor.count == 0:
            return np.empty(tensor.shape, tensor.dtype)
        base = np.frombuffer(bytearray(tensor.storage()), dtype=tensor.dtype)
        steps = [step * tensor.itemsize for step in tensor.steps]
        first = tensor.first // tensor.itemsize
        array = np.lib.stride_tricks.as_strided(base[first:], tensor.shape, steps)
        if readonly:
            array.flags.writeable = False
        return array

    def look(self, array: Any) -> Seen:
        """By the attributes of the array."""
        return Seen(
            address=int(array.ctypes.data),
            shape=tuple(array.shape),
            strides=tuple(step // array.itemsize for step in array.strides),
            type=(_CODES.get(array.dtype.kind, 255), array.itemsize * 8, 1),
            readonly=not array.flags.writeable,
        )

    def elements(self, array: Any) -> bytes:
        """As numpy itself reads them."""
        found: bytes = array.tobytes()
        return found

    def write(self, array: Any, content: bytes) -> None:
        """By assignment.

        Raises:
            Impossible: the array is read-only.
        """
        if not array.flags.writeable:
            raise Impossible("the array is read-only")
        array[...] = np.frombuffer(content, array.dtype).reshape(array.shape)

    def _consume(self, source: Any, **asked: Any) -> Any:
        return np.from_dlpack(source, **asked)
