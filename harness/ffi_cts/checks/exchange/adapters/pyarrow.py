# SPDX-License-Identifier: Apache-2.0
"""pyarrow: ``Array`` for what has one dimension, ``Tensor`` for the rest and for all it takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.tensors import DTYPES, Seen, Tensor

_NAMES = {"halffloat": "float16", "float": "float32", "double": "float64"}
_ARROW = {"float16": "float16", "float32": "float32", "float64": "float64"}


class Library(Exchanger):
    """Arrays never change; tensors do, if they are made over memory that does."""

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """An array where it can be one, else a tensor."""
        factory = getattr(pa, _ARROW.get(tensor.dtype, tensor.dtype), None)
        if factory is None or tensor.dtype.startswith(("bool", "complex", "float8", "bfloat")):
            raise Impossible(f"pyarrow has no {tensor.dtype} in bytes")
        if len(tensor.shape) == 1 and tensor.strides is None:
            buffer = pa.py_buffer(tensor.storage())
            return pa.Array.from_buffers(factory(), tensor.count, [None, buffer])
        if tensor.count == 0:
            return pa.Tensor.from_numpy(np.empty(tensor.shape, tensor.dtype))
        base = np.frombuffer(bytearray(tensor.storage()), dtype=tensor.dtype)
        steps = [step * tensor.itemsize for step in tensor.steps]
        first = tensor.first // tensor.itemsize
        view = np.lib.stride_tricks.as_strided(base[first:], tensor.shape, steps)
        if readonly:
            view.flags.writeable = False
        try:
            return pa.Tensor.from_numpy(view)
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise Impossible(f"pyarrow has no {tensor}: {error}") from error

    def look(self, array: Any) -> Seen:
        """By the buffers of an array, by numpy's view of a tensor."""
        name = str(array.type)
        kind = DTYPES.get(_NAMES.get(name, name), (255, 8, 1))
        size = kind[1] // 8
        if isinstance(array, pa.Array):
            address = array.buffers()[1].address + array.offset * size
            return Seen(address, (len(array),), (1,), kind, readonly=True)
        return Seen(
            address=int(array.to_numpy().ctypes.data),
            shape=tuple(array.shape),
            strides=tuple(step // size for step in array.strides),
            type=kind,
            readonly=not array.is_mutable,
        )

    def write(self, array: Any, content: bytes) -> None:
        """Through numpy's view of a tensor.

        Raises:
            Impossible: it is an array, or over memory that does not change.
        """
        if isinstance(array, pa.Array) or not array.is_mutable:
            raise Impossible("it does not change")
        view = array.to_numpy()
        view[...] = np.frombuffer(content, view.dtype).reshape(view.shape)

    def _consume(self, source: Any, **asked: Any) -> Any:
        return pa.Tensor.from_dlpack(source, **asked)
