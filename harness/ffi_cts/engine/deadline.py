# SPDX-License-Identifier: Apache-2.0
"""When a child has had its time.

Wall time alone would accuse a library of a busy machine. So each child has a clock that stands
still while the child wants a core and gets none; on an idle machine it is a usual clock. When it
shows the child's limit, the child computes without end or is blocked: both are a timeout. A child
that still has time on its clock after many times its limit was starved, and nobody knows what it
would have done.

A child none of whose threads can ever run again needs no clock: it hangs, and that is seen soon.
"""

from __future__ import annotations

import enum
import os

from ffi_cts.engine import procfs

INTERVAL = 0.1
"""Seconds between two looks at a child."""

_PATIENCE = 8.0
"""Wall time that a starved child is given, in multiples of its limit."""

_LONGEST_LOOK = 1.0
_PROOF = 0.5
"""Seconds for which nothing must have moved before a child is said to hang."""

_IDLE = 0.05


class Overrun(enum.Enum):
    """Why a child is not given more time.

    The first three are the child's own doing; after the others nobody knows what it would have
    done.
    """

    HANGS = "every thread of the process waits without end"
    OUT_OF_TIME = "its time is up"
    STUCK = "it is where checks before it stayed until their time was up"
    NO_MEMORY = "the system ran out of memory and killed a process to get some"
    STARVED = "the machine was too busy to let it go on"
    NOT_STARTED = "the system has no room for another process"
    ABANDONED = "the process that watches over it was killed"


class Clock:
    """The time that a process and its descendants have had.

    Args:
        pid: the process.
        limit: seconds that it may have.
        now: monotonic time at which it began.
    """

    def __init__(self, pid: int, limit: float, now: float) -> None:
        self._pid = pid
        self._limit = limit
        self._began = self._looked = now
        self._had = 0.0
        self._threads: dict[tuple[int, int], procfs.Thread] = {}
        self._resting_since: float | None = None
        self._idle_since: float | None = None
        self._cores = len(os.sched_getaffinity(0))

    @property
    def had(self) -> float:
        """Seconds that it has had, those left out in which it had to wait for a core."""
        return self._had

    def idle(self, now: float) -> bool:
        """Whether it has not wanted to run for a while: it takes nobody's place."""
        return self._idle_since is not None and now - self._idle_since >= _PROOF

    def pause(self, now: float) -> float:
        """Seconds until it is worth looking again."""
        passed = now - self._looked
        return max(0.005, min(INTERVAL, self._limit - self._had) - passed)

    def look(self, now: float) -> Overrun | None:
        """See what the process has done since the last look. Call it often."""
        passed = now - self._looked
        if passed < INTERVAL and self._had + passed < self._limit:
            return None
        before = self._threads
        threads = procfs.threads(self._pid)
        self._threads = {(thread.process, thread.id): thread for thread in threads}
        self._looked = now
        # Who looks seldom is starved as well.
        self._had += self._share(before, min(passed, _LONGEST_LOOK), now)
        if self._rests(before, now):
            return Overrun.HANGS
        if self._had >= self._limit:
            return Overrun.OUT_OF_TIME
        if now - self._began >= _PATIENCE * self._limit:
            return Overrun.STARVED
        return None

    def _share(
        self, before: dict[tuple[int, int], procfs.Thread], passed: float, now: float
    ) -> float:
        """How much of the time that passed the process could use."""
        ran = lacked = 0.0
        for key, thread in self._threads.items():
            old = before.get(key)
            share = max(0, thread.ran - (old.ran if old else 0)) / 1e9
            ran += share
            if thread.waited is None:
                lacked += max(0.0, passed - share) if thread.wants_to_run else 0.0
            elif old and old.turns == thread.turns and thread.wants_to_run:
                lacked += passed  # counted by the kernel only once it runs
            else:
                lacked += max(0, thread.waited - ((old and old.waited) or 0)) / 1e9
        wanted = any(thread.wants_to_run for thread in self._threads.values())
        if wanted or ran + lacked > _IDLE * passed:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        # Many threads that wait for few cores had their time if all cores were theirs.
        return max(0.0, min(passed, max(passed - lacked, ran / self._cores)))

    def _rests(self, before: dict[tuple[int, int], procfs.Thread], now: float) -> bool:
        """Whether it has been at rest for long enough, and can only stay so.

        No thread ran between two looks, and at each every one was waiting for another of them:
        so there was a moment at which all of them were.
        """
        processes = {thread.process for thread in self._threads.values()}
        kin = len(processes) > 1
        still = (
            bool(processes)
            and self._threads.keys() == before.keys()
            and all(thread.turns == before[key].turns for key, thread in self._threads.items())
            and all(thread.rests_for_ever(has_kin=kin) for thread in self._threads.values())
            and not any(map(procfs.has_timers, processes))
        )
        if not still:
            self._resting_since = None
        elif self._resting_since is None:
            self._resting_since = now
        return self._resting_since is not None and now - self._resting_since >= _PROOF
