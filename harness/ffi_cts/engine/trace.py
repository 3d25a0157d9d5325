# SPDX-License-Identifier: Apache-2.0
"""Stacks of processes that died or hang, as native/trace.c writes them into shared memory.

Each child answers a signal that nobody else uses with the stack of the thread that got it; the
signal comes only right before a child is killed for its time. A child that is to ``watch`` its
death also has handlers for the signals that report one: such a child is run only when it is known
that the check dies, so that no check that passes has them.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import signal
import struct
import time
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import attrs

from ffi_cts._paths import native_library
from ffi_cts.engine import procfs, sanitizers

DEATHS = frozenset(
    (
        *(signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL),
        *(signal.SIGABRT, signal.SIGTRAP, signal.SIGSYS),
    )
)
"""Signals of whose sender the stack is known."""

_REQUEST = signal.SIGRTMAX - 2
_FIRST, _LAST, _STACKS, _MAPS = 48, 192, 16, 1 << 20
_HEAD = struct.Struct("<II")
_STACK = struct.Struct(f"<IiiiiiiIQQiIq16sQ{_FIRST}Q{_LAST}Q")
AREA_SIZE = _HEAD.size + _STACKS * _STACK.size + _MAPS
_PATIENCE = 2.0
"""Seconds in which a thread that is asked has to answer: it may have to wait for a core."""


class Place(IntEnum):
    """What the C helpers know of an address."""

    UNKNOWN = 0
    BEHIND_BUFFER = 1
    FREED_BUFFER = 2
    DELETED_OBJECT = 3


@attrs.frozen(kw_only=True)
class Moment:
    """One thread when it died, or was asked. ``frames`` are addresses, innermost first.

    ``outer`` are those beyond a gap in a stack that is too deep to be kept. ``access`` is 1 for
    a read, 2 for a write, 4 for execution, 0 where the processor doesn't say. If it is not
    ``done``, writing it down was fatal: the stack may be damaged.
    """

    done: bool

    signal: int
    code: int
    access: int
    process: int
    thread: int
    trap: bool
    address: int
    stack_pointer: int
    place: Place
    size: int
    offset: int
    instruction: bytes
    frames: tuple[int, ...]
    outer: tuple[int, ...]
    maps: str

    @property
    def asked(self) -> bool:
        """Whether it did not die, but was asked while it hung."""
        return self.signal == _REQUEST


@functools.cache
def _native() -> ctypes.CDLL:
    library = ctypes.CDLL(str(native_library("native")))
    library.cts_trace.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
    return library


def prepare() -> None:
    """Load what children need, once for all that this process forks."""
    _native()


def watch(area: int, *, deaths: bool) -> None:
    """Have this process write its stack to ``area`` when asked, and, with ``deaths``, if it dies.

    AddressSanitizer, where it is there, tells more of a death, and is left alone.
    """
    _native().cts_trace(area, _REQUEST, int(deaths and not sanitizers.loaded()))


def before_failing_call() -> None:
    """Where a debugger stops."""
    _native().cts_before_failing_call()


def request(process: int, answers: Callable[[], tuple[Moment, ...]]) -> tuple[Moment, ...]:
    """Ask all threads of a process, and of those that it began, for their stacks.

    ``answers`` gives what has been written so far. Threads that never answer are not waited
    for without end.
    """
    threads = [thread for thread in procfs.threads(process) if thread.state not in "TtD"]
    asked = [thread for thread in threads if _hears(thread)]
    maps = {thread.process: procfs.maps(thread.process) for thread in asked}
    for thread in asked[:_STACKS]:
        _native().cts_signal_thread(thread.process, thread.id, _REQUEST)
    wanted = min(_STACKS, sum(thread.process == process for thread in asked))
    end = time.monotonic() + _PATIENCE
    while len(answers()) < wanted and time.monotonic() < end:
        time.sleep(0.002)
    if wanted < len(asked):
        time.sleep(0.05)  # what it began may write here too
    return tuple(attrs.evolve(moment, maps=maps.get(moment.process, "")) for moment in answers())


def _hears(thread: procfs.Thread) -> bool:
    blocked, caught = procfs.signals(thread)
    bit = 1 << (_REQUEST - 1)
    return bool(caught & bit) and not blocked & bit


def read(memory: mmap.mmap | bytes, start: int) -> tuple[Moment, ...]:
    """The stacks in an area. Nothing is trusted: the library may have scribbled on it."""
    used, maps_size = _HEAD.unpack_from(memory, start)
    if not used:
        return ()
    maps_at = start + _HEAD.size + _STACKS * _STACK.size
    maps = memory[maps_at : maps_at + min(maps_size, _MAPS)].decode("utf-8", "replace")
    moments = (
        _moment(_STACK.unpack_from(memory, start + _HEAD.size + number * _STACK.size), maps)
        for number in range(min(used, _STACKS))
    )
    return tuple(moment for moment in moments if moment is not None)


def _moment(fields: tuple[Any, ...], maps: str) -> Moment | None:
    (done, number, code, access, process, thread, trap, _, address, pointer, *rest) = fields
    place, size, offset, instruction, count, *addresses = rest
    if not count or (number == _REQUEST and not done):
        return None
    behind = count - _FIRST
    last = addresses[_FIRST:]
    outer = [last[at % _LAST] for at in range(max(_FIRST, count - _LAST), count)]
    gap = behind > _LAST
    frames = addresses[: min(count, _FIRST)] + ([] if gap else outer)
    return Moment(
        done=bool(done),
        signal=number,
        code=code,
        access=access,
        process=process,
        thread=thread,
        trap=bool(trap),
        address=address,
        stack_pointer=pointer,
        place=Place(place) if place in tuple(Place) else Place.UNKNOWN,
        size=size,
        offset=offset,
        instruction=instruction,
        frames=tuple(frames),
        outer=tuple(outer) if gap else (),
        maps=maps,
    )
