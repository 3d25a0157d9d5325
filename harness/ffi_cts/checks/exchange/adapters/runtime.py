# SPDX-License-Identifier: Apache-2.0
"""Any TVM FFI runtime, through the functions that it exports and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from ffi_cts.checks import tensors as abi
from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.strict import NEWEST, Source, Ways
from ffi_cts.checks.exchange.tensors import READ_ONLY, Seen, Tensor
from ffi_cts.checks.fixtures import loaded
from ffi_cts.checks.native import CData, ffi
from ffi_cts.checks.runtime import Runtime
from ffi_cts.checks.values import content


class Handle:
    """An owned tensor object of a runtime, with the methods of the Python protocol.

    The runtime has no methods: these only decide which of its functions is called.
    """

    def __init__(self, runtime: Runtime, handle: CData) -> None:
        self.runtime = runtime
        self.handle = handle

    def __del__(self) -> None:
        """Drop the reference."""
        self.runtime.TVMFFIObjectDecRef(self.handle)

    def __dlpack__(self, *, max_version: tuple[int, int] | None = None, **asked: Any) -> Any:
        """A capsule over an export."""
        if asked.get("copy"):
            raise BufferError("the ABI has no function that copies")
        wants = max_version is not None and max_version[0] >= 1
        versioned = wants and self.runtime.has(abi.exporter("versioned"))
        managed = self.exported(versioned=versioned)
        return capsules.new(managed, versioned=versioned)

    def __dlpack_device__(self) -> tuple[int, int]:
        """As the object shows it."""
        device = abi.shown(self.runtime, self.handle).device
        return int(device.device_type), int(device.device_id)

    def exported(self, *, versioned: bool) -> CData:
        """A managed tensor that the caller owns."""
        kind: abi.Kind = "versioned" if versioned else "legacy"
        name = abi.exporter(kind)
        self.runtime.need(name)
        out = ffi.new("DLManagedTensorVersioned**" if versioned else "DLManagedTensor**")
        _accepted(self.runtime, getattr(self.runtime, name)(self.handle, out), name)
        return out[0]


class RuntimeExchanger(Exchanger):
    """A runtime as an exchanger: it imports into tensor objects, and exports those."""

    methods: ClassVar[bool] = False

    def __init__(self, path: Path) -> None:
        self._runtime = loaded(path, path.name)

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Handle:
        """A tensor object over memory of the strict peer, which is how a runtime gets tensors."""
        source = Source(
            tensor, Ways(flags=READ_ONLY if readonly else 0, null_data=tensor.count == 0)
        )
        versioned = self._runtime.has(abi.importer("versioned"))
        peer = source.make(versioned=versioned, flags=source.ways.flags)
        kind = "DLManagedTensorVersioned*" if versioned else "DLManagedTensor*"
        return self._imported(ffi.cast(kind, peer.managed), versioned=versioned)

    def look(self, array: Handle) -> Seen:
        """By the DLTensor that follows the header of the object, and the flags of an export."""
        tensor = abi.shown(self._runtime, array.handle)
        axes = range(tensor.ndim)
        readonly = None
        if self._runtime.has(abi.exporter("versioned")):
            managed = array.exported(versioned=True)
            readonly = bool(managed.flags & READ_ONLY)
            abi.release_export(self._runtime, managed, "versioned")
        return Seen(
            address=int(ffi.cast("uintptr_t", tensor.data)) + int(tensor.byte_offset),
            shape=tuple(int(tensor.shape[axis]) for axis in axes),
            strides=tuple(int(tensor.strides[axis]) for axis in axes) if tensor.strides else None,
            type=(int(tensor.dtype.code), int(tensor.dtype.bits), int(tensor.dtype.lanes)),
            readonly=readonly,
        )

    def write(self, array: Handle, content: bytes) -> None:
        """To its memory: a runtime has no other way."""
        ffi.memmove(ffi.cast("char*", self.look(array).address), content, len(content))

    def _consume(self, source: Any, **asked: Any) -> Handle:
        if asked.get("copy"):
            raise BufferError("the ABI has no function that copies")
        knows = self._runtime.has(abi.importer("versioned"))
        try:
            capsule = source.__dlpack__(max_version=NEWEST) if knows else source.__dlpack__()
        except TypeError:
            capsule = source.__dlpack__()
        if capsules.name(capsule) not in capsules.NAMES:
            raise BufferError(f"a capsule called {capsules.name(capsule)!r} holds no tensor")
        versioned = capsules.is_versioned(capsule)
        imported = self._imported(capsules.managed(capsule), versioned=versioned)
        capsules.consume(capsule)
        return imported

    def _imported(self, managed: CData, *, versioned: bool) -> Handle:
        kind: abi.Kind = "versioned" if versioned else "legacy"
        name = abi.importer(kind)
        self._runtime.need(name)
        out = ffi.new("TVMFFIObjectHandle*")
        # Not by the runtime's own breadcrumb, which would describe, and so read, the tensor.
        code = getattr(self._runtime.lib, name)(managed, 0, 0, out)
        _accepted(self._runtime, code, name)
        return Handle(self._runtime, out[0])


def _accepted(runtime: Runtime, code: int, doing: str) -> None:
    """Turn a refusal into an exception.

    Raises:
        BufferError: with the message of the error that the runtime has raised.
    """
    if code == 0:
        return
    error = runtime.refused(code, doing)
    message = content(runtime.error_cell(error).message)
    runtime.decref(error)
    raise BufferError(f"{doing}: {message!r}")
