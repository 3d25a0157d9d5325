# SPDX-License-Identifier: Apache-2.0
"""PyTorch, on the CPU."""

from __future__ import annotations

from typing import Any

import torch

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.tensors import DTYPES, Seen, Tensor

_TYPES: dict[Any, tuple[int, int, int]] = {
    getattr(torch, name): kind for name, kind in DTYPES.items() if hasattr(torch, name)
}


class Library(Exchanger):
    """``torch.Tensor`` and ``torch.from_dlpack``."""

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """A tensor over memory of its own."""
        dtype = getattr(torch, tensor.dtype, None)
        if dtype is None or tensor.lanes != 1 or readonly or min(tensor.steps, default=0) < 0:
            raise Impossible(f"torch has no {'read-only ' * readonly}{tensor}")
        if tensor.count == 0:
            return torch.empty(tensor.shape, dtype=dtype)
        base = torch.frombuffer(bytearray(tensor.storage()), dtype=dtype)
        return base.as_strided(tensor.shape, tensor.steps)

    def look(self, array: Any) -> Seen:
        """By the methods of the tensor."""
        return Seen(
            address=array.data_ptr(),
            shape=tuple(array.shape),
            strides=tuple(array.stride()),
            type=_TYPES.get(array.dtype, (255, array.element_size() * 8, 1)),
            readonly=False,
        )

    def write(self, array: Any, content: bytes) -> None:
        """By ``copy_``."""
        array.copy_(torch.frombuffer(bytearray(content), dtype=array.dtype).reshape(array.shape))

    def _consume(self, source: Any, **asked: Any) -> Any:
        return torch.from_dlpack(source, **asked)
