# SPDX-License-Identifier: Apache-2.0
"""One object of each kind that the C functions can make, with what shows its deletion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import attrs
import pytest
from hypothesis import strategies as st

from ffi_cts.checks.choices import one_of, supported
from ffi_cts.checks.deletions import expect_deletions
from ffi_cts.checks.native import CData, ffi, native
from ffi_cts.checks.runtime import Runtime
from ffi_cts.checks.values import INDEX
from ffi_cts.engine.marks import requires

_numbers = count()


def long_text() -> bytes:
    """Text that no value has room for, so that a string of it is an object everywhere.

    Different each time: an implementation might share objects with the same content.
    """
    return b"too long to lie inside a value: %d" % next(_numbers)


ALONE = (1, 1)
"""(strong, weak) of an object that nobody but its owner refers to."""


@attrs.frozen
class Made:
    """A new object, owned by the caller.

    ``released`` counts how often the resource behind the object was given back, where
    its kind has one that can be watched. ``base`` are the counts that it came with: a
    string or bytes object can't change, so that the library may have others refer to it.
    """

    kind: str
    obj: CData
    released: Callable[[], int] | None = None
    base: tuple[int, int] = ALONE

    @property
    def shared(self) -> bool:
        """Whether others refer to it, so that the caller's references do not decide its life."""
        return self.base != ALONE

    def due(self, strong: int, weak: int = 1) -> tuple[int, int]:
        """The counts to expect where they would be these if nobody else referred to it."""
        return strong - 1 + self.base[0], weak - 1 + self.base[1]

    def expect_counts(self, runtime: Runtime, strong: int, weak: int, when: str) -> None:
        """Fail the check unless (strong, weak) is what is due; not judged of shared dead ones."""
        if self.shared and strong == 0:
            return
        counts, due = runtime.counts(self.obj), self.due(strong, weak)
        assert counts == due, f"{when}: (strong, weak) of the {self.kind} is {counts}, not {due}"

    def watch(self, runtime: Runtime) -> CData:
        """Log every call of its deleter; a shared object gets a log that stays empty."""
        if self.shared:
            return runtime.keep(ffi.new("cts_deleter_log*"))
        return runtime.spy(self.obj)

    def expect_deletions(self, log: CData, flags: Sequence[int], when: str) -> None:
        """As ``deletions.expect_deletions``; when a shared object is deleted is not judged."""
        if not self.shared:
            expect_deletions(log, self.obj, flags, when)

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


@attrs.frozen
class _Kind:
    """How to make an object of a kind; ``immutable`` ones may be shared."""

    index: int
    maker: str
    make: Callable[[Runtime], Made]
    immutable: bool = False


_KINDS: dict[str, _Kind] = {
    "function": _Kind(INDEX["Function"], "TVMFFIFunctionCreate", _function),
    "string": _Kind(INDEX["Str"], "TVMFFIStringFromByteArray", _string, immutable=True),
    "bytes": _Kind(INDEX["Bytes"], "TVMFFIBytesFromByteArray", _bytes, immutable=True),
    "error": _Kind(INDEX["Error"], "TVMFFIErrorCreate", _error),
    "opaque": _Kind(INDEX["OpaquePyObject"], "TVMFFIObjectCreateOpaque", _opaque),
    "tensor": _Kind(INDEX["Tensor"], "TVMFFITensorFromDLPackVersioned", _tensor),
}

KINDS = tuple(_KINDS)

each_kind = pytest.mark.parametrize(
    "kind", [pytest.param(name, marks=requires(kind.maker)) for name, kind in _KINDS.items()]
)
"""Run a check once for each kind that the library can make; it gets the argument ``kind``."""

_MAKERS = {name: (kind.maker,) for name, kind in _KINDS.items()}

kinds: st.SearchStrategy[str] = one_of(_MAKERS)
"""The kinds that the library under test can make."""


def makeable() -> list[str]:
    """The same as a list; the check is unsupported if there is none."""
    return supported(_MAKERS)


each_kind_of_another = pytest.mark.parametrize("kind", KINDS)
"""Run a check once for each kind, whatever the library under test can make itself."""


def can_make(runtime: Runtime, kind: str) -> bool:
    """Whether a library has the function that makes objects of ``kind``."""
    return runtime.has(_KINDS[kind].maker)


def make(runtime: Runtime, kind: str) -> Made:
    """A new object of ``kind``, owned by the caller.

    The check becomes "unsupported" where ``runtime`` can't make one.
    """
    how = _KINDS[kind]
    runtime.need(how.maker)
    made = how.make(runtime)
    counts = runtime.counts(made.obj)
    if how.immutable and min(counts) >= 1:
        return attrs.evolve(made, base=counts)
    return made


def index_of(kind: str) -> int:
    """The type index that objects of ``kind`` have."""
    return _KINDS[kind].index


def is_immutable(kind: str) -> bool:
    """Whether objects of ``kind`` can't change, and may be shared by whoever asks for one."""
    return _KINDS[kind].immutable
