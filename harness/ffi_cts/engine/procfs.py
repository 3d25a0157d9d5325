# SPDX-License-Identifier: Apache-2.0
"""What Linux tells of running processes: their threads, what these do, and who began whom.

Whatever vanishes while it is read, or may not be read, is left out.
"""

from __future__ import annotations

import os
import platform
import signal
from collections.abc import Iterator
from pathlib import Path

import attrs

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_WAITING_FUTEX = frozenset({0, 6, 9, 11, 13})  # WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, ..2
_NEW_FUTEX_WAIT = 455
_TIMER_SIGNALS = (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF)


@attrs.frozen
class _Calls:
    """Numbers of system calls that differ between processors."""

    futex: int
    wait4: int
    waitid: int


_CALLS = _Calls(202, 61, 247) if platform.machine() == "x86_64" else _Calls(98, 260, 95)


@attrs.frozen
class Thread:
    """One thread at one moment; times in nanoseconds since it began.

    ``waited`` is how long it could have run but got no core, None where the kernel doesn't
    count that, and ``turns`` how often it got one: while that number stays, it did not run.
    """

    process: int
    id: int
    state: str
    ran: int
    waited: int | None
    turns: int

    @property
    def wants_to_run(self) -> bool:
        """Whether the thread would use a core if it got one."""
        return self.state == "R"

    def rests_for_ever(self, *, has_kin: bool) -> bool:
        """Whether only another thread of its own kin can set it going again.

        It is stopped, or waits without a time limit for a lock, or (``has_kin``: there are such)
        for a process that it began. Whatever else it waits for may come from elsewhere.
        """
        if self.state == "T":
            return True
        call = _read(f"/proc/{self.process}/task/{self.id}/syscall").split()
        return self.state == "S" and _waits_for_kin(call, has_kin)


def _waits_for_kin(call: list[str], has_kin: bool) -> bool:
    """Whether a system call, as the kernel prints it, is an endless wait for a lock or a child."""
    if len(call) != 9:  # "running", or not in a system call
        return False
    number = int(call[0])
    arguments = [int(word, 16) for word in call[1:7]]
    if number == _CALLS.futex:
        return arguments[1] & 0x7F in _WAITING_FUTEX and arguments[3] == 0
    if number == _NEW_FUTEX_WAIT:
        return arguments[4] == 0
    if number == _CALLS.wait4:
        return has_kin and not arguments[2] & os.WNOHANG
    if number == _CALLS.waitid:
        return has_kin and not arguments[3] & os.WNOHANG
    return False


def has_timers(process: int) -> bool:
    """Whether a timer may interrupt a process: it has one, or means to be told by one."""
    if _read(f"/proc/{process}/timers"):
        return True
    for line in _read(f"/proc/{process}/status").splitlines():
        name, _, value = line.partition(":")
        if name == "SigCgt":
            return any(int(value, 16) >> (number - 1) & 1 for number in _TIMER_SIGNALS)
    return True


def threads(root: int) -> list[Thread]:
    """All threads of process ``root`` and of its descendants; the dead are left out."""
    found: list[Thread] = []
    waiting, seen = [root], {root}
    while waiting:
        process = waiting.pop()
        for thread in _thread_ids(process):
            found.extend(_thread(process, thread))
            for child in _numbers(f"/proc/{process}/task/{thread}/children"):
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
    return found


def children(process: int) -> list[int]:
    """Children that any thread of ``process`` has begun or inherited."""
    return [
        child
        for thread in _thread_ids(process)
        for child in _numbers(f"/proc/{process}/task/{thread}/children")
    ]


def maps(process: int) -> str:
    """What lies where in the memory of a process, empty if it can't be read."""
    return _read(f"/proc/{process}/maps")


def signals(thread: Thread) -> tuple[int, int]:
    """Which signals a thread holds back, and for which it has a handler: a bit for each."""
    found = {"SigBlk": 0, "SigCgt": 0}
    for line in _read(f"/proc/{thread.process}/task/{thread.id}/status").splitlines():
        name, _, value = line.partition(":")
        if name in found:
            found[name] = int(value, 16)
    return found["SigBlk"], found["SigCgt"]


def kills_for_memory() -> int:
    """How many processes the kernel has killed because no memory was left, since it started."""
    for line in _read("/proc/vmstat").splitlines():
        if line.startswith("oom_kill "):
            return int(line.split()[1])
    return 0


def session_of(process: int) -> int:
    """The session that a process is in, 0 if there is none."""
    try:
        return os.getsid(process)
    except OSError:
        return 0


def name_of(process: int) -> str:
    """The name of a process, empty if it is gone."""
    return _read(f"/proc/{process}/comm").strip()


def address_space() -> int:
    """Bytes of address space that this process has."""
    return _numbers("/proc/self/statm")[0] * _PAGE


def _thread_ids(process: int) -> list[int]:
    try:
        return [int(path.name) for path in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return []


def _thread(process: int, thread: int) -> Iterator[Thread]:
    folder = f"/proc/{process}/task/{thread}"
    fields = _read(f"{folder}/stat").rpartition(")")[2].split()
    if len(fields) < 13 or fields[0] in "ZX":
        return
    times = _numbers(f"{folder}/schedstat")
    if len(times) == 3 and times[2]:
        yield Thread(process, thread, fields[0], *times)
        return
    switches = [
        int(line.split()[1])
        for line in _read(f"{folder}/status").splitlines()
        if "ctxt_switches" in line
    ]
    ran = (int(fields[11]) + int(fields[12])) * _TICK
    yield Thread(process, thread, fields[0], ran, None, sum(switches))


def _numbers(path: str) -> list[int]:
    return [int(word) for word in _read(path).split()]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
