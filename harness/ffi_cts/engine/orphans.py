# SPDX-License-Identifier: Apache-2.0
"""Processes that libraries leave behind."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection
from types import TracebackType

from ffi_cts.engine import linux, procfs

_PATIENCE = 3.0
"""Seconds after which processes that multiply faster than they can be ended are given up."""


class Orphans:
    """While entered, processes that lose their parent below this one become its children.

    A library may leave processes behind that have left the process group of their check;
    ``kill`` finds them all the same. Children that this process had before are left alone, but
    any that it gets later and does not name are taken for orphans: so it should be a process
    that has nothing else to do.

    What could not be ended is added to ``notes``.
    """

    def __init__(self, notes: list[str] | None = None) -> None:
        self._own = frozenset(procfs.children(os.getpid()))
        self._hopeless: set[int] = set()
        self._patience = _PATIENCE
        self._was = False
        self._notes = [] if notes is None else notes

    def __enter__(self) -> Orphans:
        self._was = linux.adopt_orphans()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill(())
        linux.adopt_orphans(adopt=self._was)

    def kill(self, known: Collection[int]) -> None:
        """Kill every child but those that were there before and those in ``known``.

        It ends whatever they do: one that belongs to another user can't be killed, and some
        multiply as fast as they are killed.
        """
        end = time.monotonic() + self._patience
        while strays := self._strays(known):
            self._freeze(strays)
            for pid in strays:
                self._end(pid)
            if time.monotonic() > end:
                self._give_up(self._strays(known))
                return

    def _strays(self, known: Collection[int]) -> list[int]:
        spared = {*self._own, *known, *self._hopeless}
        return [
            pid
            for pid in procfs.children(os.getpid())
            # Those in the session of a check that still runs may be part of what it tries.
            if pid not in spared and procfs.session_of(pid) not in known
        ]

    def _freeze(self, strays: list[int]) -> None:
        """Stop them and all that they began: what is stopped begins no more."""
        for pid in {thread.process for stray in strays for thread in procfs.threads(stray)}:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGSTOP)

    def _end(self, pid: int) -> None:
        name = procfs.name_of(pid)
        try:
            group = os.getpgid(pid)
            if group != os.getpgrp():
                with contextlib.suppress(PermissionError):
                    os.killpg(group, signal.SIGKILL)  # at once, before one of it forks again
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:
            self._note(pid, name, "belongs to another user and can't be killed")
            return
        with contextlib.suppress(ChildProcessError):
            if not _reap(pid):
                self._note(pid, name, "was killed and does not go")

    def _give_up(self, strays: list[int]) -> None:
        for pid in strays[:1]:
            self._note(pid, procfs.name_of(pid), "multiplies faster than it can be killed")
        self._hopeless.update(strays)
        self._patience = 0.0  # once is enough

    def _note(self, pid: int, name: str, why: str) -> None:
        self._hopeless.add(pid)
        self._notes.append(f"a process that a check left behind ({name}) {why}")


def _reap(pid: int) -> bool:
    """Collect a killed child. False if it is still there after a while."""
    end = time.monotonic() + _PATIENCE
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if time.monotonic() > end:
            return False
        time.sleep(0.0005)
    return True
