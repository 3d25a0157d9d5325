# SPDX-License-Identifier: Apache-2.0
"""Tensors by description: what each holds, bit for bit, and what somebody sees of it."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

import attrs
from hypothesis import strategies as st

from ffi_cts.checks.native import ffi
from ffi_cts.engine.context import current

DTYPES: dict[str, tuple[int, int, int]] = {
    **{f"int{bits}": (0, bits, 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (1, bits, 1) for bits in (8, 16, 32, 64)},
    **{f"float{bits}": (2, bits, 1) for bits in (16, 32, 64)},
    "bfloat16": (4, 16, 1),
    "complex64": (5, 64, 1),
    "complex128": (5, 128, 1),
    "bool": (6, 8, 1),
    "float8_e4m3fn": (10, 8, 1),
    "float8_e5m2": (12, 8, 1),
}
"""Element types by name, each with code, bits and lanes of its DLDataType."""

CPU = (1, 0)
READ_ONLY, COPIED, PADDED = 1, 2, 4
KNOWN_FLAGS = READ_ONLY | COPIED | PADDED


@attrs.frozen
class Tensor:
    """A tensor in main memory.

    ``strides`` count elements; None means compact and row-major. ``offset`` is the byte_offset of
    whoever exports it. The same description always has the same content.
    """

    dtype: str = "float32"
    shape: tuple[int, ...] = (2, 3)
    strides: tuple[int, ...] | None = None
    offset: int = 0
    lanes: int = 1

    @property
    def type(self) -> tuple[int, int, int]:
        """Code, bits and lanes."""
        code, bits, _ = DTYPES[self.dtype]
        return code, bits, self.lanes

    @property
    def itemsize(self) -> int:
        """Bytes of an element, all its lanes together."""
        return DTYPES[self.dtype][1] * self.lanes // 8

    @property
    def count(self) -> int:
        """Elements."""
        return math.prod(self.shape)

    @property
    def steps(self) -> tuple[int, ...]:
        """Its strides, those of a compact tensor too."""
        return compact(self.shape) if self.strides is None else self.strides

    @property
    def first(self) -> int:
        """Bytes from the start of its storage to its first element."""
        if self.count == 0:
            return 0
        down = (
            min(0, step * (size - 1)) for size, step in zip(self.shape, self.steps, strict=True)
        )
        return -sum(down) * self.itemsize

    def storage(self) -> bytes:
        """The bytes from its lowest element to its highest, with what lies between them.

        Any bits may stand there, so that NaN payloads and subnormals are among them.
        """
        if self.count == 0:
            return b""
        up = (max(0, step * (size - 1)) for size, step in zip(self.shape, self.steps, strict=True))
        size = self.first + (sum(up) + 1) * self.itemsize
        content = random.Random(repr(self)).randbytes(size)  # noqa: S311 (no secret)
        return bytes(byte & 1 for byte in content) if self.dtype == "bool" else content

    def elements(self) -> bytes:
        """What it holds, in row-major order."""
        storage, size = self.storage(), self.itemsize
        at = (self.first + place * size for place in places(self.shape, self.steps))
        return b"".join(storage[start : start + size] for start in at)


@attrs.frozen
class Seen:
    """A tensor as a library shows it: ``strides`` in elements, None where it shows none.

    ``readonly`` is None where it can't tell.
    """

    address: int
    shape: tuple[int, ...]
    strides: tuple[int, ...] | None
    type: tuple[int, int, int]
    readonly: bool | None = None

    def elements(self) -> bytes:
        """The bytes at the places that it tells of, in row-major order."""
        size = (self.type[1] * self.type[2] + 7) // 8
        steps = compact(self.shape) if self.strides is None else self.strides
        return b"".join(
            bytes(ffi.buffer(ffi.cast("char*", self.address + place * size), size))
            for place in places(self.shape, steps)
        )


def compact(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Strides of a compact row-major tensor."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def places(shape: tuple[int, ...], steps: tuple[int, ...]) -> Iterator[int]:
    """Of each element in row-major order how many elements it is from the first."""
    for index in itertools.product(*map(range, shape)):
        yield sum(i * step for i, step in zip(index, steps, strict=True))


def named(kind: tuple[int, int, int]) -> str:
    """A DLDataType in words."""
    code, bits, lanes = kind
    for name, known in DTYPES.items():
        if known[:2] == (code, bits):
            return name if lanes == 1 else f"{name} x {lanes}"
    return f"DLDataType(code={code}, bits={bits}, lanes={lanes})"


def _measured(role: str) -> st.SearchStrategy[str]:
    """The element types that the library in a role was seen to handle."""
    names = [name for name in DTYPES if f"{role}:{name}" in current().subject.features]
    return st.sampled_from(names or ["float32"])


_sizes = st.sampled_from([1, 2, 3, 4, 7])
_shapes = st.lists(_sizes, max_size=4).map(tuple).filter(lambda shape: math.prod(shape) <= 128)
_step = st.sampled_from([0, 1, 2, 3, 5, 8, 21])


@st.composite
def _strided(draw: st.DrawFn, dtypes: st.SearchStrategy[str]) -> Tensor:
    shape = draw(_shapes.filter(bool))
    return Tensor(draw(dtypes), shape, tuple(draw(_step) for _ in shape))


@st.composite
def _compact(draw: st.DrawFn, dtypes: st.SearchStrategy[str], offsets: tuple[int, ...]) -> Tensor:
    dtype, shape = draw(dtypes), draw(_shapes)
    # An element lies where its alignment allows, whatever the split of its address.
    return Tensor(dtype, shape, None, draw(st.sampled_from(offsets)))


made = st.deferred(lambda: _compact(_measured("producer"), (0,)))
"""Compact tensors that the producer can make."""
made_strided = st.deferred(lambda: _strided(_measured("producer")))
"""Tensors that the producer can make if it has strides."""
taken = st.deferred(lambda: _compact(_measured("consumer"), (0, 16, 64, 4096)))
"""Compact tensors of types that the consumer knows, with a byte offset."""
taken_strided = st.deferred(lambda: _strided(_measured("consumer")))
"""Strided ones."""
