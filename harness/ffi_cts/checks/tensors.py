# SPDX-License-Identifier: Apache-2.0
"""Tensors for checks: descriptions, DLPack producers that count, and what a tensor object shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import attrs
from hypothesis import strategies as st

from ffi_cts.abi import load
from ffi_cts.checks import values
from ffi_cts.checks.choices import one_of, supported
from ffi_cts.checks.native import NULL, CData, ffi, native
from ffi_cts.checks.runtime import Runtime

Kind = Literal["legacy", "versioned"]
KINDS: tuple[Kind, ...] = ("legacy", "versioned")

TENSOR = values.INDEX["Tensor"]
DEVICES = {v.name: v.value for v in load().abi.enum("DLDeviceType").values}
CODES = {v.name: v.value for v in load().abi.enum("DLDataTypeCode").values}
READ_ONLY, IS_COPIED, SUBBYTE_PADDED = 1, 2, 4

FLOAT32 = (CODES["kDLFloat"], 32, 1)
CPU = (DEVICES["kDLCPU"], 0)
PLAIN_ADDRESSES = frozenset(
    DEVICES[name]
    for name in (
        *("kDLCPU", "kDLCUDA", "kDLCUDAHost", "kDLCUDAManaged"),
        *("kDLROCM", "kDLROCMHost", "kDLOneAPI"),
    )
)
"""Devices whose data pointers are addresses, to which an offset can be added."""
ADDRESS = 0x7A00_0000_1000
"""Data address of most descriptions: sharing a tensor never touches the data."""


@attrs.frozen
class Spec:
    """A tensor in plain values; ``strides`` None stands for a NULL pointer.

    A scalar has a NULL shape as well if its strides are None.
    """

    shape: tuple[int, ...] = (2, 3)
    strides: tuple[int, ...] | None = (3, 1)
    dtype: tuple[int, int, int] = FLOAT32
    device: tuple[int, int] = CPU
    byte_offset: int = 0
    data: int = ADDRESS

    def build(self, runtime: Runtime) -> CData:
        """A ``DLTensor*``; its arrays live as long as ``runtime``."""
        tensor = runtime.keep(ffi.new("DLTensor*"))
        tensor.data = ffi.cast("void*", self.data)
        tensor.device.device_type, tensor.device.device_id = self.device
        tensor.ndim = len(self.shape)
        tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes = self.dtype
        if self.shape or self.strides is not None:
            tensor.shape = _array(runtime, self.shape)
        if self.strides is not None:
            tensor.strides = _array(runtime, self.strides)
        tensor.byte_offset = self.byte_offset
        return tensor


def _array(runtime: Runtime, numbers: Sequence[int]) -> CData:
    return runtime.keep(ffi.new("int64_t[]", [*numbers, 0]))


def read(tensor: CData) -> Spec:
    """A ``DLTensor*`` in plain values."""
    ndim = int(tensor.ndim)
    assert 0 <= ndim <= 4096, f"ndim is {ndim}"
    assert ndim == 0 or tensor.shape != NULL, f"shape is NULL with ndim = {ndim}"
    strides = None
    if tensor.strides != NULL or ndim == 0:  # a scalar has no strides, whatever the pointer says
        strides = tuple(tensor.strides[i] for i in range(ndim))
    return Spec(
        shape=tuple(tensor.shape[i] for i in range(ndim)),
        strides=strides,
        dtype=(tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes),
        device=(int(tensor.device.device_type), int(tensor.device.device_id)),
        byte_offset=int(tensor.byte_offset),
        data=int(ffi.cast("uintptr_t", tensor.data)),
    )


def start(tensor: CData) -> int:
    """Address of the first element of a ``DLTensor*`` on a device with plain addresses."""
    return (int(ffi.cast("uintptr_t", tensor.data)) + int(tensor.byte_offset)) % 2**64


def same_tensor(one: Spec, other: Spec) -> bool:
    """Whether two descriptions are of the same tensor: the same elements at the same places.

    The strides of empty tensors and of dimensions of one element lead nowhere, and DLPack
    has empty tensors point to nothing. Where addresses are plain, how one is split into
    data and byte_offset makes no difference.
    """
    return _place(one) == _place(other)


def expect_same(found: Spec, expected: Spec, what: str) -> None:
    """Fail the check unless ``what`` shows the expected tensor."""
    if not expected.shape:  # a scalar has no strides, whatever the pointer says
        expected = attrs.evolve(expected, strides=())
    assert same_tensor(found, expected), f"{what} shows {found}, where {expected} is due"


def _place(spec: Spec) -> Spec:
    strides, empty = spec.strides, 0 in spec.shape
    if strides is not None:
        pairs = zip(spec.shape, strides, strict=True)
        strides = tuple(0 if empty or size == 1 else step for size, step in pairs)
    if empty:
        return attrs.evolve(spec, strides=strides, data=0, byte_offset=0)
    if spec.device[0] not in PLAIN_ADDRESSES:
        return attrs.evolve(spec, strides=strides)
    address = (spec.data + spec.byte_offset) % 2**64
    return attrs.evolve(spec, strides=strides, data=address, byte_offset=0)


def compact(shape: Sequence[int]) -> tuple[int, ...]:
    """Row-major strides without gaps."""
    strides, step = [0] * len(shape), 1
    for axis in reversed(range(len(shape))):
        strides[axis] = step
        step *= max(shape[axis], 1)
    return tuple(strides)


@attrs.frozen
class Producer:
    """A managed tensor that no library made; ``log`` counts the calls of its deleter."""

    kind: Kind
    managed: CData
    log: CData

    @property
    def deletions(self) -> int:
        """How often its deleter ran."""
        return int(self.log.count)

    def snapshot(self) -> bytes:
        """All bytes of the struct; only while nothing has deleted it."""
        return bytes(ffi.buffer(self.managed, ffi.sizeof(self.managed[0])))


def produce(
    runtime: Runtime,
    spec: Spec,
    kind: Kind,
    *,
    deleter: bool = True,
    flags: int = 0,
    version: tuple[int, int] = (1, 0),
) -> Producer:
    """A managed tensor like ``spec``, not yet imported by anyone."""
    log = runtime.keep(ffi.new("cts_deletions*"))
    prototype = spec.build(runtime)
    if kind == "legacy":
        managed = native.cts_dlpack_legacy(prototype, log, int(deleter))
    else:
        managed = native.cts_dlpack_versioned(prototype, log, int(deleter), *version, flags)
    return Producer(kind, managed, log)


def importer(kind: Kind) -> str:
    """Name of the ABI function that imports ``kind``."""
    return "TVMFFITensorFromDLPack" + ("Versioned" if kind == "versioned" else "")


def exporter(kind: Kind) -> str:
    """Name of the ABI function that exports ``kind``."""
    return "TVMFFITensorToDLPack" + ("Versioned" if kind == "versioned" else "")


def try_import(
    runtime: Runtime, managed: CData, kind: Kind, *, alignment: int = 0, contiguous: int = 0
) -> tuple[int, CData]:
    """Import: (return code, handle or NULL)."""
    runtime.need(importer(kind))
    out = ffi.new("TVMFFIObjectHandle*")
    code = getattr(runtime, importer(kind))(managed, alignment, contiguous, out)
    return int(code), out[0]


def take(runtime: Runtime, producer: Producer, *, alignment: int = 0, contiguous: int = 0) -> CData:
    """Import what must be accepted; the caller owns one reference to the tensor object."""
    code, tensor = try_import(
        runtime, producer.managed, producer.kind, alignment=alignment, contiguous=contiguous
    )
    runtime.ok(code, importer(producer.kind))
    assert tensor != NULL, f"{importer(producer.kind)} returned 0 but left its output NULL"
    return tensor


def refuse(
    runtime: Runtime, producer: Producer, *, alignment: int = 0, contiguous: int = 0
) -> None:
    """Import what must be refused, with an error raised; the producer is untouched by us."""
    code, _ = try_import(
        runtime, producer.managed, producer.kind, alignment=alignment, contiguous=contiguous
    )
    demands = f"require_alignment={alignment}, require_contiguous={contiguous}"
    runtime.decref(runtime.refused(code, f"{importer(producer.kind)} with {demands}"))
    take_back(runtime, producer)


def take_back(runtime: Runtime, producer: Producer) -> None:
    """Free a producer that nobody took, at the end of the check; until then it can be read."""

    def discard() -> None:
        if producer.deletions == 0:
            native.cts_dlpack_discard(producer.managed)

    runtime.at_end(discard)


def tensor_from(
    runtime: Runtime, spec: Spec | None = None, kind: Kind | None = None, *, flags: int = 0
) -> tuple[CData, Producer]:
    """A tensor object over a counting producer: (owned handle, producer).

    ``kind`` None: the versioned one if the library imports that.
    """
    if kind is None:
        kind = "versioned" if runtime.has(importer("versioned")) else "legacy"
    producer = produce(runtime, spec or Spec(), kind, flags=flags)
    return take(runtime, producer), producer


def shown(runtime: Runtime, tensor: CData) -> CData:
    """The ``DLTensor*`` that follows the header of a tensor object."""
    return runtime.cell(tensor, "DLTensor")


def export(runtime: Runtime, tensor: CData, kind: Kind) -> CData:
    """Export a tensor object: an owned managed tensor of ``kind``."""
    name = exporter(kind)
    runtime.need(name)
    out = ffi.new("DLManagedTensorVersioned**" if kind == "versioned" else "DLManagedTensor**")
    runtime.ok(getattr(runtime, name)(tensor, out), name)
    assert out[0] != NULL, f"{name} returned 0 but left its output NULL"
    return out[0]


def release_export(runtime: Runtime, managed: CData, kind: Kind) -> None:
    """Call the deleter of an export, as its consumer does."""
    runtime.helper(f"cts_dlpack_release_{kind}", managed)


def view(runtime: Runtime, source: CData, prototype: CData) -> tuple[int, CData]:
    """TVMFFITensorCreateUnsafeView: (return code, handle or NULL)."""
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFITensorCreateUnsafeView(source, prototype, out)
    return int(code), out[0]


def view_of(runtime: Runtime, source: CData, spec: Spec) -> CData:
    """A view that must be accepted; the caller owns one reference to it."""
    code, handle = view(runtime, source, spec.build(runtime))
    runtime.ok(code, "TVMFFITensorCreateUnsafeView")
    assert handle != NULL, "TVMFFITensorCreateUnsafeView returned 0 but left its output NULL"
    return handle


# Strategies.

_NARROW = {"Float6": 6, "Float4": 4, "Float8": 8}


def _bits(code: str) -> st.SearchStrategy[int]:
    # DLPack leaves other widths of the narrow floats unspecified.
    for word, bits in _NARROW.items():
        if word in code:
            return st.just(bits)
    return st.sampled_from([1, 4, 8, 16, 32, 64, 128, 255])


dtypes: st.SearchStrategy[tuple[int, int, int]] = st.sampled_from(sorted(CODES)).flatmap(
    lambda code: st.tuples(
        st.just(CODES[code]), _bits(code), st.sampled_from([1, 2, 4, 255, 256, 32767, 65535])
    )
)
devices: st.SearchStrategy[tuple[int, int]] = st.tuples(
    st.sampled_from(sorted(DEVICES.values())), st.sampled_from([0, 1, 7, 2**31 - 1])
)


def _countable(shape: tuple[int, ...]) -> bool:
    """Whether the number of elements fits in 63 bits, as in any real tensor."""
    return math.prod(max(size, 1) for size in shape) < 2**60


_sizes = st.sampled_from([0, 1, 2, 3, 7, 255, 65536, 2**31])
shapes: st.SearchStrategy[tuple[int, ...]] = (
    st.lists(_sizes, max_size=6).map(tuple).filter(_countable)
)
_stride = st.sampled_from([0, 1, -1, 2, -3, 8, 2**31, -(2**31), 2**40])


@st.composite
def specs(draw: st.DrawFn, *, null_strides: bool = False) -> Spec:
    """Descriptions of any tensor that DLPack can carry; strides NULL only if asked for."""
    shape = draw(shapes)
    choices: list[st.SearchStrategy[tuple[int, ...] | None]] = [
        st.just(compact(shape)),
        st.tuples(*[_stride] * len(shape)),
    ]
    if null_strides:
        choices.append(st.none())
    return Spec(
        shape=shape,
        strides=draw(st.one_of(choices)),
        dtype=draw(dtypes),
        device=draw(devices),
        byte_offset=draw(st.sampled_from([0, 1, 64, 255, 2**32, 2**63])),
        data=draw(st.sampled_from([ADDRESS, ADDRESS + 1, 0x10, 2**47 - 256])),
    )


kinds = one_of({kind: (importer(kind),) for kind in KINDS})
"""The kinds that the library under test imports."""
exported = one_of({kind: (exporter(kind),) for kind in KINDS})
"""The kinds that it exports."""
exchanged = one_of({kind: (importer(kind), exporter(kind)) for kind in KINDS})
"""The kinds that it does both with."""


def exportable() -> list[Kind]:
    """The kinds that it exports, as a list."""
    return supported({kind: (exporter(kind),) for kind in KINDS})
