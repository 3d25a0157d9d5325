# SPDX-License-Identifier: Apache-2.0
"""The Python package of apache-tvm-ffi: ``tvm_ffi.Tensor`` and ``tvm_ffi.from_dlpack``."""

from __future__ import annotations

from typing import Any

import tvm_ffi

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.strict import NEWEST, Source, Taken, Ways
from ffi_cts.checks.exchange.tensors import READ_ONLY, Seen, Tensor
from ffi_cts.checks.native import ffi


class Library(Exchanger):
    """Tensors over memory of the strict peer, since the package has no way to make one."""

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Any:
        """An import."""
        if readonly:
            raise Impossible("tvm_ffi takes no read-only tensors")
        try:
            return tvm_ffi.from_dlpack(Source(tensor, Ways(null_data=tensor.count == 0)))
        except Exception as error:
            raise Impossible(f"tvm_ffi takes no {tensor}: {error}") from error

    def look(self, array: Any) -> Seen:
        """By an export: the attributes leave out strides and flags."""
        taken = Taken(array.__dlpack__(max_version=NEWEST))
        seen = taken.seen
        return Seen(
            seen.address, seen.shape, seen.strides, seen.type, bool(taken.flags & READ_ONLY)
        )

    def write(self, array: Any, content: bytes) -> None:
        """To its memory."""
        ffi.memmove(ffi.cast("char*", self.look(array).address), content, len(content))

    def _consume(self, source: Any, **asked: Any) -> Any:
        return tvm_ffi.from_dlpack(source, **asked)
