# SPDX-License-Identifier: Apache-2.0
"""Memory that tells when somebody reads past its end, and growth of the heap."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

from ffi_cts.checks.native import CData, ffi, native

HEADER_SIZE = 24
"""Bytes of a TVMFFIObject."""


def guarded(content: bytes) -> CData:
    """A copy of ``content`` that ends where a page ends; the next byte can't be read.

    Returns a ``char*`` that must be kept alive as long as the memory is in use.
    """
    size = len(content)
    at = native.cts_guarded_bytes(content, size)
    if at == ffi.NULL:
        raise MemoryError("mmap or mprotect failed")
    return ffi.gc(at, lambda block: native.cts_guarded_free(block, size))


def guarded_array(content: bytes) -> tuple[CData, CData]:
    """A TVMFFIByteArray* over guarded bytes, and what keeps them alive."""
    block = guarded(content)
    return ffi.new("TVMFFIByteArray*", {"data": block, "size": len(content)}), block


def guarded_object(type_index: int) -> CData:
    """An object with counts (1, 1), without a deleter and with nothing behind its header."""
    obj = guarded(bytes(HEADER_SIZE))
    header = ffi.cast("TVMFFIObject*", obj)
    header.combined_ref_count = (1 << 32) | 1
    header.type_index = type_index
    return obj


def growth(step: Callable[[], None], *, repetitions: int = 300, attempts: int = 4) -> float:
    """Bytes by which the heap grows for each ``step``, once caches have filled.

    The smallest of several measurements, since a table may double in the middle of one.
    0 where the C library can't tell.
    """
    for _ in range(repetitions // 3):
        step()
    smallest = float("inf")
    for _ in range(attempts):
        before = native.cts_heap_in_use()
        for _ in range(repetitions):
            step()
        smallest = min(smallest, (native.cts_heap_in_use() - before) / repetitions)
        if smallest <= 0:
            return 0.0
    return smallest


def resident() -> int:
    """Bytes of memory that this process has in use."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()
