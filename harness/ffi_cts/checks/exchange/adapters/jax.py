# SPDX-License-Identifier: Apache-2.0
"""JAX, on the CPU, with elements of 64 bits."""

from __future__ import annotations

from typing import Any

import jax
import jax.dlpack
import jax.numpy as jnp
import numpy as np

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.tensors import DTYPES, Seen, Tensor, compact

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

_TYPES = {np.dtype(getattr(jnp, name)): kind for name, kind in DTYPES.items() if hasattr(jnp, name)}


class Library(Exchanger):
    """``jax.Array``, which is compact and never changes, and ``jax.dlpack.from_dlpack``."""

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """A copy of the elements."""
        dtype = getattr(jnp, tensor.dtype, None)
        if dtype is None or tensor.lanes != 1 or tensor.strides is not None:
            raise Impossible(f"jax has no {tensor}")
        elements = np.frombuffer(tensor.storage(), dtype=np.dtype(dtype)).reshape(tensor.shape)
        return jnp.array(elements, copy=True).block_until_ready()

    def look(self, array: Any) -> Seen:
        """By the attributes of the array, and where its buffer is."""
        return Seen(
            address=array.unsafe_buffer_pointer(),
            shape=tuple(array.shape),
            strides=compact(tuple(array.shape)),
            type=_TYPES.get(array.dtype, (255, 8, 1)),
            readonly=True,
        )

    def elements(self, array: Any) -> bytes:
        """As jax itself hands them to numpy."""
        return np.asarray(array).tobytes()

    def _consume(self, source: Any, **asked: Any) -> Any:
        return jax.dlpack.from_dlpack(source, **asked).block_until_ready()
