# SPDX-License-Identifier: Apache-2.0
"""Memory shared by a child and its parent: breadcrumbs while it runs, its result at the end.

It is not a pipe, because a library may close every file descriptor, and not a
file, because the disk may be full. The child writes, the parent reads once the
child is gone.
"""

from __future__ import annotations

import ctypes
import mmap
import struct

from ffi_cts.engine import trace

_CALLS_AT = 16
_CALLS_SIZE = 256 * 1024
_RESULT_AT = _CALLS_AT + _CALLS_SIZE
_RESULT_SIZE = 1024 * 1024
_TRACE_AT = _RESULT_AT + _RESULT_SIZE
_U32 = struct.Struct("<I")
_IN_CALL, _CALLS_END, _RESULT_END, _ENTERED = 0, 4, 8, 12


class Crumbs:
    """One child's shared memory: the ABI calls of the current example, then the result.

    Behind them lies the area of ``trace.py``.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _TRACE_AT + trace.AREA_SIZE)
        self._end = 0
        self._count = 0
        self.examples = 0
        """How many examples have begun."""

    # The child's side.

    def begin_example(self) -> None:
        """Forget the calls of the previous example."""
        self.examples += 1
        self._restart()

    def _restart(self) -> None:
        self._end = 0
        _U32.pack_into(self._memory, _CALLS_END, 0)
        self._memory[_IN_CALL] = 0

    def enter(self, call: str) -> None:
        """Note a call that is about to be made: ``name(arguments)``."""
        line = call.encode("utf-8", "backslashreplace")[:2000] + b"\n"
        if self._end + len(line) > _CALLS_SIZE:
            self._restart()  # keep the latest calls of an example that makes very many
        start = _CALLS_AT + self._end
        self._memory[start : start + len(line)] = line
        self._end += len(line)
        self._count += 1
        _U32.pack_into(self._memory, _CALLS_END, self._end)
        _U32.pack_into(self._memory, _ENTERED, self._count & 0xFFFFFFFF)
        self._memory[_IN_CALL] = 1

    def leave(self) -> None:
        """The call returned."""
        self._memory[_IN_CALL] = 0

    @property
    def trace_address(self) -> int:
        """Where the area for stacks lies; from then on the memory can't be given back."""
        return ctypes.addressof(ctypes.c_char.from_buffer(self._memory, _TRACE_AT))

    def finish(self, result: bytes) -> None:
        """Deliver the result; cut at one mebibyte. The length is written last."""
        result = result[:_RESULT_SIZE]
        self._memory[_RESULT_AT : _RESULT_AT + len(result)] = result
        _U32.pack_into(self._memory, _RESULT_END, len(result))

    # The parent's side. Nothing here trusts the child: the library may have scribbled on it.

    @property
    def calls(self) -> tuple[str, ...]:
        """Calls of the latest example, in order."""
        (end,) = _U32.unpack_from(self._memory, _CALLS_END)
        text = self._memory[_CALLS_AT : _CALLS_AT + min(end, _CALLS_SIZE)]
        return tuple(text.decode("utf-8", "replace").splitlines())

    @property
    def entered(self) -> int:
        """Number of the latest call, counted through all examples."""
        (count,) = _U32.unpack_from(self._memory, _ENTERED)
        return int(count)

    @property
    def in_call(self) -> bool:
        """Whether the last call had not returned."""
        return bool(self._memory[_IN_CALL])

    @property
    def result(self) -> bytes | None:
        """What the child delivered, None if it died first."""
        (end,) = _U32.unpack_from(self._memory, _RESULT_END)
        return self._memory[_RESULT_AT : _RESULT_AT + end] if 0 < end <= _RESULT_SIZE else None

    @property
    def moments(self) -> tuple[trace.Moment, ...]:
        """Stacks that the child has written."""
        return trace.read(self._memory, _TRACE_AT)

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
