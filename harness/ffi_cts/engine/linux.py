# SPDX-License-Identifier: Apache-2.0
"""What is Linux-only: orphans, process death signals, pid file descriptors, resource limits."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37
GIB = 1 << 30
_M_PERTURB = -6
_FILLING = 0xA5


_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send ``how`` to this process when process ``parent``, its own, goes away."""
    _libc.prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
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
    unblock_requests()


def unblock_requests() -> None:
    """In a child with handlers of its own: no longer hold back what asks it to stop."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _REQUESTS)


def block_requests() -> None:
    """In a child that is about to end: nothing that asks it to stop matters any more."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _REQUESTS)


def adopt_orphans(*, adopt: bool = True) -> bool:
    """Have processes that lose their parent below this one become its children.

    Gives whether they did before.
    """
    was = ctypes.c_int()
    _libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(was), 0, 0, 0)
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)
    return bool(was.value)


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


def fill_memory() -> None:
    """Have malloc hand out memory that holds the same in every run, and overwrite what is freed.

    What a library reads that nobody wrote would else differ from run to run. Does nothing where
    the C library has no such setting.
    """
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_PERTURB, _FILLING)


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
