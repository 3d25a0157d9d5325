# SPDX-License-Identifier: Apache-2.0
"""A process between the one that reports and the children that load libraries.

What a library leaves behind, wherever it hides, becomes a child of the foreman, who ends it. So
the process that reports, which may be somebody's pytest with children of its own, never has to
tell its children from strangers. What several checks need imported, the foreman imports once.
And a library that kills its parent kills a foreman, of whom there are more.

The foreman tells what comes of its work in messages: JSON with its length in front, over a pipe
that the children close.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from typing import Any, NoReturn, TypeAlias

from ffi_cts.engine import child, linux
from ffi_cts.engine.child import ABANDONED, Ending, Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.orphans import Orphans
from ffi_cts.engine.supervisor import run_alone

Message: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[[Message], None]

_LENGTH = struct.Struct("<I")
_LONGEST = 16 << 20
_LAST = "the foreman has done its work"
_FAILED = "the foreman has failed"
_GRACE = 10.0
"""Seconds in which a foreman who was told to stop has to have buried its children."""


class ForemanDied(Exception):
    """The foreman went away with its work undone: a library must have killed it."""


def oversee(
    work: Callable[[Tell], None], tick: Callable[[], None] | None = None
) -> Generator[Message, None, None]:
    """Have ``work`` done by a foreman, and yield what it tells.

    Args:
        work: called in the foreman with a function that sends a message.
        tick: called at least ten times a second while waiting.

    Closing the iterator ends the foreman and all that is below it.

    Raises:
        ForemanDied: it was killed.
        RuntimeError: ``work`` raised; the text is the traceback.
    """
    foreman = None
    try:
        with linux.undisturbed():
            foreman = _Foreman(work)
        yield from foreman.messages(tick)
    finally:
        if foreman is not None:
            with linux.undisturbed():
                foreman.dismiss()


def run_apart(body: Callable[[Crumbs], bytes], limits: Limits) -> Ending:
    """Run one body in one child of a foreman and wait for its ending.

    For a process that has other children: nothing that ``body`` leaves behind comes near them.
    """

    def work(tell: Tell) -> None:
        with Orphans():
            ending = run_alone(body, limits)
        tell({"ending": ending.encode()})

    try:
        (message,) = oversee(work)
    except ForemanDied:
        return ABANDONED
    return Ending.decode(message["ending"])


class _Foreman:
    """The side of the process that reports. Make it within ``linux.undisturbed``."""

    def __init__(self, work: Callable[[Tell], None]) -> None:
        self._source, sink = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        try:
            self._pid = os.fork()
            if self._pid == 0:
                os.close(self._source)
                _live(work, sink, parent)
        except OSError:
            os.close(self._source)
            raise
        finally:
            os.close(sink)
        self._done = False

    def messages(self, tick: Callable[[], None] | None) -> Iterator[Message]:
        """What the foreman tells, until it has done its work."""
        pending = b""
        while True:
            if tick is not None:
                tick()
            if not linux.wait_readable([self._source], 0.1):
                continue
            data = os.read(self._source, 1 << 20)
            if not data:
                raise ForemanDied
            *whole, pending = _split(pending + data)
            for frame in whole:
                message = json.loads(frame)
                if _FAILED in message:
                    self._done = True
                    raise RuntimeError(message[_FAILED])
                if _LAST in message:
                    self._done = True
                    return
                yield message

    def dismiss(self) -> None:
        """End the foreman, who ends what is below it."""
        os.close(self._source)
        if not self._done:
            os.kill(self._pid, signal.SIGTERM)
        end = time.monotonic() + _GRACE
        while os.waitpid(self._pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(self._pid, signal.SIGKILL)  # its children die with it
                os.waitpid(self._pid, 0)
                return
            time.sleep(0.001)


def _split(data: bytes) -> list[bytes]:
    """Whole frames, and at the end what is left."""
    frames = []
    while len(data) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(data)
        if length > _LONGEST:
            raise ForemanDied
        end = _LENGTH.size + length
        if len(data) < end:
            break
        frames.append(data[_LENGTH.size : end])
        data = data[end:]
    return [*frames, data]


def _live(work: Callable[[Tell], None], sink: int, parent: int) -> NoReturn:
    """The foreman's life. Never returns, wherever a request to stop meets it."""
    try:
        try:
            _serve(work, sink, parent)
        finally:
            linux.block_requests()  # an interruption of what follows would set the process free
    finally:
        os._exit(0)  # also when it was told to stop, or nobody listens


def _serve(work: Callable[[Tell], None], sink: int, parent: int) -> None:
    os.setsid()  # Ctrl-C is for the process that reports, which then asks
    linux.die_with_parent(parent, signal.SIGTERM)
    child.keep_from_children(sink)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    linux.unblock_requests()

    def tell(message: Message) -> None:
        data = json.dumps(message).encode()
        data = _LENGTH.pack(len(data)) + data
        while data:
            data = data[os.write(sink, data) :]

    try:
        work(tell)
        tell({_LAST: True})
    except Exception:  # noqa: BLE001 (the reporter is told of anything)
        tell({_FAILED: traceback.format_exc()})
