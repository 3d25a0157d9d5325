# SPDX-License-Identifier: Apache-2.0
"""A whole library that exchanges tensors, small enough to be wrong in one place at a time.

Mutants and benign variants of exchange derive from ``Mini`` and change one of its steps.
"""

from __future__ import annotations

import ctypes
from typing import Any

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.tensors import COPIED, CPU, DTYPES, READ_ONLY, Seen, Tensor, compact
from ffi_cts.checks.native import NULL, CData, ffi, native

_DELETER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
TYPES = {*DTYPES.values()}


class Array:
    """Elements in memory; ``owner`` keeps that alive."""

    def __init__(self, library: Mini, seen: Seen, owner: Any) -> None:
        self.library = library
        self.seen = seen
        self.owner = owner

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """As the library answers."""
        self.library.check(stream, dl_device)
        array = self.library.copied(self) if copy else self
        versioned = max_version is not None and max_version[0] >= 1
        if array.seen.readonly and not versioned:
            raise BufferError("an unversioned capsule can't say that the array is read-only")
        flags = self.library.flags(array, copied=bool(copy))
        managed = self.library.managed(array, flags, versioned=versioned)
        return self.library.capsule(managed, versioned=versioned)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Main memory."""
        return self.library.device_of(self)


class Owner:
    """What a consumer holds while it has a tensor of somebody else."""

    def __init__(self, library: Mini, managed: CData, *, versioned: bool) -> None:
        self.library, self.managed, self.versioned = library, managed, versioned

    def __del__(self) -> None:
        """Give it back."""
        self.library.release(self.managed, versioned=self.versioned)


class Mini(Exchanger):
    """The library. Each step of producing and consuming is a method."""

    def __init__(self) -> None:
        self.exports: dict[int, Any] = {}
        self.deleter = _DELETER(self.deleted)

    # What every library has.

    def make(self, tensor: Tensor, *, readonly: bool = False) -> Array:
        """An array over memory of its own."""
        if tensor.lanes != 1:
            raise Impossible("no vectors")
        storage = ffi.new("char[]", tensor.storage() or 1)
        address = _address(storage) + tensor.first
        seen = Seen(address, tensor.shape, tensor.steps, tensor.type, readonly)
        return Array(self, seen, storage)

    def look(self, array: Array) -> Seen:
        """What the array says."""
        return array.seen

    def write(self, array: Array, content: bytes) -> None:
        """To the memory of a compact array."""
        if array.seen.readonly:
            raise Impossible("the array is read-only")
        ffi.memmove(ffi.cast("char*", array.seen.address), content, len(content))

    # Producing.

    def check(self, stream: Any, dl_device: tuple[int, int] | None) -> None:
        """Refuse what main memory has not."""
        if stream is not None:
            raise ValueError("there are no streams in main memory")
        if dl_device not in (None, CPU):
            raise BufferError("there is main memory only")

    def copied(self, array: Array) -> Array:
        """The same elements in other memory, compact."""
        seen = array.seen
        storage = ffi.new("char[]", array.library.elements(array) or 1)
        where = Seen(_address(storage), seen.shape, compact(seen.shape), seen.type, False)
        return Array(self, where, storage)

    def flags(self, array: Array, *, copied: bool) -> int:
        """Flags of an export."""
        return READ_ONLY * bool(array.seen.readonly) | COPIED * copied

    def version(self) -> tuple[int, int]:
        """Version of an export."""
        return (1, 3)

    def device_of(self, array: Array) -> tuple[int, int]:
        """Device type and id."""
        return CPU

    def placed(self, array: Array) -> tuple[int, int]:
        """The address, as data and byte_offset."""
        return (array.seen.address if 0 not in array.seen.shape else 0), 0

    def type_of(self, array: Array) -> tuple[int, int, int]:
        """Code, bits and lanes."""
        return array.seen.type

    def shape_of(self, array: Array) -> tuple[int, ...]:
        """The shape of an export."""
        return array.seen.shape

    def strides_of(self, array: Array) -> tuple[int, ...] | None:
        """The strides of an export, None for NULL."""
        return array.seen.strides

    def managed(self, array: Array, flags: int, *, versioned: bool) -> CData:
        """A managed tensor that keeps ``array`` until it is deleted."""
        struct = ffi.new("DLManagedTensorVersioned*" if versioned else "DLManagedTensor*")
        if versioned:
            struct.version.major, struct.version.minor = self.version()
            struct.flags = flags
        tensor = struct.dl_tensor
        data, tensor.byte_offset = self.placed(array)
        tensor.data = ffi.cast("void*", data)
        tensor.device.device_type, tensor.device.device_id = self.device_of(array)
        shape, steps = self.shape_of(array), self.strides_of(array)
        tensor.ndim = len(shape)
        tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes = self.type_of(array)
        dims = ffi.new("int64_t[]", list(shape)), ffi.new("int64_t[]", list(steps or ()))
        tensor.shape, tensor.strides = dims[0], NULL if steps is None else dims[1]
        pointer = ctypes.cast(self.deleter, ctypes.c_void_p).value
        struct.deleter = ffi.cast(ffi.typeof(struct.deleter), pointer)
        self.exports[_address(struct)] = (struct, dims, self.held(array))
        return struct

    def held(self, array: Array) -> Any:
        """What an export keeps alive."""
        return array

    def deleted(self, managed: int) -> None:
        """What the deleter does."""
        del self.exports[managed]

    def capsule(self, managed: CData, *, versioned: bool) -> Any:
        """The capsule around an export."""
        return capsules.new(managed, versioned=versioned)

    # Consuming.

    def _consume(self, source: Any, **asked: Any) -> Array:
        capsule = self.ask(source, asked.pop("copy", None))
        if asked:
            raise TypeError(f"from_dlpack has no {', '.join(asked)}")
        self.expect_fresh(capsule)
        versioned = capsules.name(capsule).endswith("versioned")
        managed = self.opened(capsule)
        if versioned:
            self.expect_version(managed.version.major, managed.version.minor)
        seen = self.read(managed.dl_tensor)
        if versioned and managed.flags & READ_ONLY:
            seen = self.as_read_only(seen)
        owner = self.own(capsule, managed, versioned=versioned)
        return Array(self, seen, owner)

    def opened(self, capsule: Any) -> CData:
        """The struct in a capsule."""
        return capsules.managed(capsule)

    def ask(self, source: Any, copy: bool | None) -> Any:
        """A capsule from a producer."""
        more = {} if copy is None else {"copy": copy}
        try:
            return source.__dlpack__(max_version=(1, 3), **more)
        except TypeError:
            return source.__dlpack__(**more)

    def expect_fresh(self, capsule: Any) -> None:
        """Refuse what holds no tensor any more."""
        if capsules.name(capsule) not in capsules.NAMES:
            raise BufferError(f"a capsule called {capsules.name(capsule)!r}")

    def expect_version(self, major: int, minor: int) -> None:
        """Refuse structs of another layout."""
        if major != 1:
            raise BufferError(f"version {major}.{minor}")

    def read(self, tensor: CData) -> Seen:
        """What a tensor says of itself."""
        device = (int(tensor.device.device_type), int(tensor.device.device_id))
        if device != CPU:
            raise BufferError(f"device {device}")
        shape = self.shape_in(tensor)
        kind = self.type_in(tensor)
        return Seen(self.address_in(tensor), shape, self.strides_in(tensor, shape), kind, False)

    def shape_in(self, tensor: CData) -> tuple[int, ...]:
        """Its shape."""
        return tuple(int(tensor.shape[axis]) for axis in range(tensor.ndim))

    def type_in(self, tensor: CData) -> tuple[int, int, int]:
        """Its element type."""
        kind = (int(tensor.dtype.code), int(tensor.dtype.bits), int(tensor.dtype.lanes))
        if kind not in TYPES:
            raise BufferError(f"elements of type {kind}")
        return kind

    def address_in(self, tensor: CData) -> int:
        """Where its first element lies."""
        return _address(tensor.data) + int(tensor.byte_offset)

    def strides_in(self, tensor: CData, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Its strides."""
        if tensor.strides == NULL:
            return compact(shape)
        return tuple(int(tensor.strides[axis]) for axis in range(tensor.ndim))

    def as_read_only(self, seen: Seen) -> Seen:
        """The same, read-only."""
        return Seen(seen.address, seen.shape, seen.strides, seen.type, True)

    def own(self, capsule: Any, managed: CData, *, versioned: bool) -> Any:
        """Take the tensor over."""
        capsules.consume(capsule)
        return Owner(self, managed, versioned=versioned)

    def release(self, managed: CData, *, versioned: bool) -> None:
        """Call the deleter, if there is one."""
        native.cts_peer_release(managed, int(versioned), 0)


def _address(pointer: CData) -> int:
    return int(ffi.cast("uintptr_t", pointer))
