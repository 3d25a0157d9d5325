# SPDX-License-Identifier: Apache-2.0
"""What is Linux-only: process death signals, pid file descriptors, resource limits."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
GIB = 1 << 30


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent goes away."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit_resources(memory_bytes: int | None) -> None:
    """No core files, no endless files, and at most ``memory_bytes`` of address space."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, GIB // 4)
    if memory_bytes is not None:
        _lower(resource.RLIMIT_AS, memory_bytes)


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, hard))


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
