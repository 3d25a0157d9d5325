# SPDX-License-Identifier: Apache-2.0
"""The strict peer: a producer of any tensor, in guarded memory, and a consumer that looks at all.

What it does in C is in native/peer.c.
"""

from __future__ import annotations

from typing import Any

import attrs

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.exchange.tensors import COPIED, CPU, READ_ONLY, Seen, Tensor
from ffi_cts.checks.native import NULL, CData, ffi, native
from ffi_cts.engine.context import Nonconformance

NEWEST = (1, 3)
_BEFORE_STRIDES = (1, 1)
"""The last version in which strides may be NULL."""


@attrs.frozen(kw_only=True)
class Ways:
    """How the peer exports: each may be legal or not.

    ``versioned``: as a DLManagedTensorVersioned of ``version`` to those who ask for one; else as
    a DLManagedTensor to everybody. ``null_data``: the data pointer of an empty tensor, as the
    header has it. ``hide_tensor``: what stands behind the flags can't be read. ``at_start``: the
    guard page is before the first byte, not behind the last. ``type`` takes the place of the
    tensor's own code, bits and lanes.
    """

    versioned: bool = True
    version: tuple[int, int] = NEWEST
    flags: int = 0
    deleter: bool = True
    null_strides: bool = False
    null_data: bool = False
    hide_tensor: bool = False
    at_start: bool = False
    device: tuple[int, int] = CPU
    type: tuple[int, int, int] | None = None


class Source:
    """A tensor of the peer as Python sees it: every ``__dlpack__`` makes it anew.

    ``asked`` holds the keywords of each call, ``peers`` what was handed out.
    """

    def __init__(self, tensor: Tensor, ways: Ways = Ways()) -> None:
        self.tensor = tensor
        self.ways = ways
        self.asked: list[dict[str, Any]] = []
        self.peers: list[CData] = []

    def __repr__(self) -> str:
        default, ways = attrs.asdict(Ways()), attrs.asdict(self.ways)
        odd = [f"{name}={value}" for name, value in ways.items() if value != default[name]]
        return f"strict({', '.join([repr(self.tensor), *odd])})"

    def __dlpack__(self, **asked: Any) -> Any:
        """A capsule of the kind that was asked for, as far as ``ways`` allow."""
        self.asked.append(asked)
        wanted = asked.get("max_version")
        versioned = self.ways.versioned and wanted is not None and wanted[0] >= 1
        if asked.get("dl_device") not in (None, self.ways.device):
            raise BufferError("the strict peer has no other device")
        if self.ways.flags & READ_ONLY and not versioned:
            raise BufferError("an unversioned capsule can't say that the tensor is read-only")
        flags = self.ways.flags | (COPIED if asked.get("copy") else 0)
        peer = self.make(versioned=versioned, flags=flags)
        return capsules.new(peer.managed, versioned=versioned)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Device type and id."""
        return self.ways.device

    def make(self, *, versioned: bool, flags: int = 0) -> CData:
        """The ``cts_peer`` of one export."""
        tensor, ways = self.tensor, self.ways
        steps = NULL if ways.null_strides else ffi.new("int64_t[]", list(tensor.steps))
        code, bits, lanes = ways.type or tensor.type
        shown = ffi.new("DLTensor*")
        shown.device.device_type, shown.device.device_id = ways.device
        shown.ndim = len(tensor.shape)
        shown.dtype.code, shown.dtype.bits, shown.dtype.lanes = code, bits, lanes
        shape = ffi.new("int64_t[]", list(tensor.shape))
        shown.shape, shown.strides, shown.byte_offset = shape, steps, tensor.offset
        content = tensor.storage()
        held = ffi.from_buffer(content)
        plan = ffi.new("cts_peer_plan*")
        plan.tensor, plan.bytes = shown, ffi.cast("void*", held)
        plan.size, plan.first = len(content), tensor.first
        plan.at_start, plan.null_data = ways.at_start, ways.null_data
        plan.versioned, plan.no_deleter = versioned, not ways.deleter
        plan.hide_tensor, plan.flags = ways.hide_tensor, flags
        version = min(ways.version, _BEFORE_STRIDES) if ways.null_strides else ways.version
        plan.major, plan.minor = version
        peer = native.cts_peer_new(plan)
        if peer == NULL:
            raise MemoryError
        self.peers.append(peer)
        return peer

    @property
    def peer(self) -> CData:
        """What was handed out last.

        Raises:
            Nonconformance: nobody has called ``__dlpack__``.
        """
        if not self.peers:
            raise Nonconformance("the consumer never calls __dlpack__")
        return self.peers[-1]

    @property
    def deletions(self) -> int:
        """How often the deleter of what was handed out last has run."""
        return int(self.peer.deletions)

    @property
    def address(self) -> int:
        """Where the first element of what was handed out last lies."""
        return int(ffi.cast("uintptr_t", self.peer.storage)) + self.tensor.first

    def expect_unspoiled(self) -> None:
        """Fail if somebody wrote beside the tensor, or called a deleter with another argument."""
        for peer in self.peers:
            spoiled = native.cts_peer_spoiled(peer)
            assert spoiled == 0, f"{spoiled} bytes beside the tensor's memory were written to"
        strays = native.cts_peer_strays()
        assert strays == 0, "the deleter was called with an argument that is not its own tensor"


class OldSource(Source):
    """The same with the method as it was before 2023: no keyword but ``stream`` is known."""

    def __dlpack__(self, stream: Any = None) -> Any:  # type: ignore[override]  # it is old
        """An unversioned capsule."""
        return super().__dlpack__(stream=stream)


class Taken:
    """A managed tensor that the peer looks at: it is the peer's own once ``consume`` was called.

    The fields were read when it was made; ``elements`` reads the memory.
    """

    def __init__(self, capsule: Any) -> None:
        if not capsules.is_capsule(capsule):
            raise Nonconformance(
                f"__dlpack__ gives {type(capsule).__name__}, which is no PyCapsule"
            )
        self.name = capsules.name(capsule)
        if self.name not in capsules.NAMES:
            known = " nor ".join(map(repr, capsules.NAMES))
            raise Nonconformance(f"the capsule is called {self.name!r}, neither {known}")
        self.capsule = capsule
        self.versioned = capsules.is_versioned(capsule)
        managed = capsules.managed(capsule)
        self.managed = managed
        self.version = (managed.version.major, managed.version.minor) if self.versioned else (0, 0)
        self.flags = int(managed.flags) if self.versioned else 0
        self.has_deleter = managed.deleter != NULL
        tensor = managed.dl_tensor
        ndim = tensor.ndim
        self.device = (int(tensor.device.device_type), int(tensor.device.device_id))
        self.data = int(ffi.cast("uintptr_t", tensor.data))
        self.byte_offset = int(tensor.byte_offset)
        self.null_shape, self.null_strides = tensor.shape == NULL, tensor.strides == NULL
        if ndim < 0 or (ndim > 0 and self.null_shape):
            raise Nonconformance(f"ndim is {ndim} and shape {tensor.shape}")
        self.seen = Seen(
            address=self.data + self.byte_offset,
            shape=tuple(int(tensor.shape[axis]) for axis in range(ndim)),
            strides=None
            if self.null_strides
            else tuple(int(tensor.strides[axis]) for axis in range(ndim)),
            type=(int(tensor.dtype.code), int(tensor.dtype.bits), int(tensor.dtype.lanes)),
        )

    def elements(self) -> bytes:
        """The elements, in row-major order."""
        return self.seen.elements()

    def consume(self) -> Taken:
        """Take the tensor over: rename the capsule and let it go."""
        capsules.consume(self.capsule)
        self.capsule = None
        return self

    def release(self, *, elsewhere: bool = False) -> None:
        """Call the deleter; ``elsewhere``: in a thread that Python does not know."""
        assert self.capsule is None, "what was not consumed belongs to its capsule"
        native.cts_peer_release(self.managed, int(self.versioned), int(elsewhere))
