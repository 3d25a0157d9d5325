# SPDX-License-Identifier: Apache-2.0
"""What is Linux-only: orphans, process death signals, pid file descriptors, resource limits."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37
GIB = 1 << 30


_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, process ``parent``, goes away."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it went away before the kernel was told
        os.kill(os.getpid(), signal.SIGKILL)


_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back what asks this process to stop, until a child that is started is also known.

    A request that comes meanwhile is not lost: it takes effect on the way out. A child has to
    call ``accept_requests``.
    """
    # Even the call that blocks may raise what came just before: read the mask first.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _REQUESTS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def accept_requests() -> None:
    """In a child: end when asked to, whatever its parent does then."""
    for number in _REQUESTS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _REQUESTS)


class Orphans:
    """While entered, processes that lose their parent below this one become its children.

    A library may leave processes behind that have left the process group of their
    check; ``kill`` finds them all the same. Children that this process had before
    are left alone.
    """

    def __init__(self) -> None:
        self._own = frozenset(_children())
        self._was = ctypes.c_int()

    def __enter__(self) -> Orphans:
        _libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(self._was), 0, 0, 0)
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill(())
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, self._was.value, 0, 0, 0)

    def kill(self, known: Collection[int]) -> None:
        """Kill every child but those that were there before and those in ``known``."""
        while strays := [pid for pid in _children() if pid not in self._own and pid not in known]:
            for pid in strays:  # each may have left children of its own: look again
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)


def _children() -> list[int]:
    """Children of this process's main thread; none where the kernel doesn't tell."""
    own = os.getpid()
    try:
        return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]
    except OSError:
        return []


def limit_resources(memory_bytes: int | None) -> None:
    """No core files, no endless files, and at most ``memory_bytes`` of address space."""
    # One byte, not zero: a core that goes to a program rather than a file knows only this limit.
    _lower(resource.RLIMIT_CORE, 1)
    _lower(resource.RLIMIT_FSIZE, GIB // 4)
    if memory_bytes is not None:
        limit_address_space(memory_bytes)
    with contextlib.suppress(OSError):  # if memory runs out, this process is the one to blame
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_address_space(memory_bytes: int) -> None:
    """At most ``memory_bytes`` of address space for this process."""
    _lower(resource.RLIMIT_AS, memory_bytes)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, hard))


def exit_process() -> NoReturn:
    """End this process as a C program does: destructors run, and no Python code any more."""
    _libc.exit(0)
    raise AssertionError("exit returned")


def open_pidfd(pid: int) -> int | None:
    """A descriptor that becomes readable when ``pid`` exits, None where the kernel has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def wait_readable(descriptors: list[int], seconds: float) -> set[int]:
    """Those of ``descriptors`` that can be read; waits up to ``seconds``."""
    poller = select.poll()
    for descriptor in descriptors:
        poller.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
    return {descriptor for descriptor, _ in poller.poll(max(0.0, seconds) * 1000)}


def signal_name(number: int) -> str:
    """SIGSEGV rather than 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
