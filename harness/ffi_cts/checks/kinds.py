# SPDX-License-Identifier: Apache-2.0
"""One object of each kind that the C functions can make, with what shows its deletion."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import attrs
import pytest

from ffi_cts.checks.native import CData, ffi, native
from ffi_cts.checks.runtime import Runtime
from ffi_cts.checks.values import INDEX

_numbers = count()


def long_text() -> bytes:
    """Text that no value has room for, so that a string of it is an object everywhere.

    Different each time: an implementation might share objects with the same content.
    """
    return b"too long to lie inside a value: %d" % next(_numbers)


@attrs.frozen
class Made:
    """A new object, owned by the caller.

    ``released`` counts how often the resource behind the object was given back, where
    its kind has one that can be watched.
    """

    kind: str
    obj: CData
    released: Callable[[], int] | None = None

    def expect_released(self, times: int, when: str) -> None:
        """Fail the check unless the resource was given back ``times`` times."""
        if self.released is not None:
            actual = self.released()
            assert actual == times, (
                f"{when}, the resource of the {self.kind} was released {actual} times, "
                f"where {times} is due"
            )


def _function(runtime: Runtime) -> Made:
    closure = runtime.closure()
    return Made("function", runtime.function_create(closure), lambda: closure.deletions)


def _string(runtime: Runtime) -> Made:
    return Made("string", runtime.new(runtime.string(long_text()).v_obj, "string"))


def _bytes(runtime: Runtime) -> Made:
    return Made("bytes", runtime.new(runtime.bytes_value(long_text()).v_obj, "bytes"))


def _error(runtime: Runtime) -> Made:
    return Made("error", runtime.error(b"ValueError", long_text()))


def _opaque(runtime: Runtime) -> Made:
    obj, log = runtime.opaque()
    return Made("opaque", obj, lambda: int(log.count))


def prototype(runtime: Runtime, shape: tuple[int, ...] = (2, 3)) -> CData:
    """A compact float32 DLTensor* on the CPU; its memory lives as long as ``runtime``."""
    elements = 1
    strides: list[int] = []
    for extent in reversed(shape):
        strides.insert(0, elements)
        elements *= extent
    data = runtime.keep(ffi.new("float[]", max(elements, 1)))
    dims = runtime.keep(ffi.new("int64_t[]", [*shape, *strides]))
    tensor = runtime.keep(ffi.new("DLTensor*"))
    tensor.data = data
    tensor.device.device_type = 1
    tensor.ndim = len(shape)
    tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes = 2, 32, 1
    tensor.shape = dims
    tensor.strides = dims + len(shape)
    return tensor


def _tensor(runtime: Runtime) -> Made:
    log = runtime.keep(ffi.new("cts_deletions*"))
    managed = native.cts_dlpack_versioned(prototype(runtime), log, 1, 1, 0, 0)
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 0, out)
    runtime.ok(code, "TVMFFITensorFromDLPackVersioned")
    return Made("tensor", runtime.new(out[0], "tensor"), lambda: int(log.count))


def view_of(runtime: Runtime, tensor: CData) -> CData:
    """New view of a tensor of any library, owned by the caller."""
    out = ffi.new("TVMFFIObjectHandle*")
    flat = ffi.cast("DLTensor*", runtime.cell(tensor, "DLTensor"))
    runtime.ok(
        runtime.TVMFFITensorCreateUnsafeView(tensor, flat, out), "TVMFFITensorCreateUnsafeView"
    )
    return runtime.new(out[0], "view")


_MAKERS: dict[str, tuple[int, Callable[[Runtime], Made]]] = {
    "function": (INDEX["Function"], _function),
    "string": (INDEX["Str"], _string),
    "bytes": (INDEX["Bytes"], _bytes),
    "error": (INDEX["Error"], _error),
    "opaque": (INDEX["OpaquePyObject"], _opaque),
    "tensor": (INDEX["Tensor"], _tensor),
}

KINDS = tuple(_MAKERS)
MAKERS = [
    "TVMFFIFunctionCreate",
    "TVMFFIStringFromByteArray",
    "TVMFFIBytesFromByteArray",
    "TVMFFIErrorCreate",
    "TVMFFIObjectCreateOpaque",
    "TVMFFITensorFromDLPackVersioned",
]
"""The functions that ``make`` uses."""

each_kind = pytest.mark.parametrize("kind", KINDS)
"""Run a check once for each kind; it gets the argument ``kind``."""


def make(runtime: Runtime, kind: str) -> Made:
    """A new object of ``kind``, owned by the caller."""
    return _MAKERS[kind][1](runtime)


def index_of(kind: str) -> int:
    """The type index that objects of ``kind`` have."""
    return _MAKERS[kind][0]
