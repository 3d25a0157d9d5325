# SPDX-License-Identifier: Apache-2.0
"""Runs many children, a few at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

import attrs

from ffi_cts.engine import linux
from ffi_cts.engine.child import NOT_STARTED, Child, Ending, Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.orphans import Orphans

K = TypeVar("K")

_AFTER_REFUSAL = 0.1
_MOST_REFUSALS = 50
"""So often the system is asked for one more process before a task is given up."""


@attrs.frozen
class Task(Generic[K]):
    """Something to do in a child of its own; ``scratch`` is a folder that is only its.

    An ``exclusive`` one has no other child beside it.
    """

    key: K
    body: Callable[[Crumbs], bytes]
    limits: Limits
    scratch: Path = Path()
    exclusive: bool = False


class Supervisor(Generic[K]):
    """A pool of at most ``jobs`` children that want to run. Tasks may be added while it runs.

    A child that sleeps or is blocked takes no place, so that one that hangs keeps no other
    waiting; unless ``jobs`` is 1, which means one at a time. ``notes`` tell of processes that
    were left behind and could not be ended.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = max(1, jobs)
        self._most = 1 if self._jobs == 1 else 4 * self._jobs
        self._waiting: deque[Task[K]] = deque()
        self._running: dict[int, tuple[Task[K], Child]] = {}
        self._refusals = 0
        self.notes: list[str] = []

    def add(self, task: Task[K], *, first: bool = False) -> None:
        """Queue a task; ``first`` puts it before the waiting ones."""
        (self._waiting.appendleft if first else self._waiting.append)(task)

    def extend(self, tasks: Iterable[Task[K]]) -> None:
        """Queue tasks."""
        self._waiting.extend(tasks)

    @property
    def running(self) -> list[K]:
        """Keys of the children at work."""
        return [task.key for task, _ in self._running.values()]

    def run(
        self, tick: Callable[[], None] | None = None
    ) -> Generator[tuple[Task[K], Ending], None, None]:
        """Yield each task with its ending, in the order in which they end.

        ``tick`` is called at least ten times a second while waiting. When the
        iterator is closed (Ctrl-C), every child is killed.
        """
        with Orphans(self.notes) as orphans:
            try:
                while self._waiting or self._running:
                    yield from self._start()
                    if tick is not None:
                        tick()
                    yield from self._collect(orphans)
            finally:
                for _, child in self._running.values():
                    child.kill()
                self._running.clear()

    def _has_room(self) -> bool:
        """Whether the task that comes next may start now."""
        running = list(self._running.values())
        at_work = sum(not child.idle for _, child in running)
        if any(task.exclusive for task, _ in running) or (at_work and self._waiting[0].exclusive):
            return False
        return at_work < self._jobs and len(running) < self._most

    def _start(self) -> Iterator[tuple[Task[K], Ending]]:
        """Start what is due. Gives the tasks that the system has no room for, however long."""
        while self._waiting and self._has_room():
            task = self._waiting.popleft()
            try:
                with linux.undisturbed():
                    child = Child(task.body, task.limits)
                    self._running[child.pid] = (task, child)
                self._refusals = 0
            except OSError:
                self._refusals += 1
                if self._refusals < _MOST_REFUSALS:
                    self._waiting.appendleft(task)
                else:
                    yield task, NOT_STARTED
                time.sleep(_AFTER_REFUSAL)
                return

    def _collect(self, orphans: Orphans) -> Iterator[tuple[Task[K], Ending]]:
        children = [child for _, child in self._running.values()]
        if not children:
            return
        pause = min(0.1, *(child.pause() for child in children))
        linux.wait_readable([fd for child in children for fd in child.descriptors], pause)
        for pid, (task, child) in list(self._running.items()):
            ending = child.poll()
            if ending is not None:
                del self._running[pid]
                orphans.kill(self._running)
                yield task, ending


def run_alone(body: Callable[[Crumbs], bytes], limits: Limits) -> Ending:
    """Run one body in one child and wait for its ending.

    What it leaves behind outside of its process group stays: that is for the foreman to end.
    """
    child = None
    try:
        with linux.undisturbed():
            child = Child(body, limits)
        return child.wait()
    except BaseException:
        if child is not None:
            child.kill()
        raise
