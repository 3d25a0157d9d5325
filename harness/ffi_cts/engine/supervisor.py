# SPDX-License-Identifier: Apache-2.0
"""Runs many children, a few at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import attrs

from ffi_cts.engine import linux
from ffi_cts.engine.child import Child, Ending, Limits
from ffi_cts.engine.crumbs import Crumbs

K = TypeVar("K")


@attrs.frozen
class Task(Generic[K]):
    """Something to do in a child of its own."""

    key: K
    body: Callable[[Crumbs], bytes]
    limits: Limits


class Supervisor(Generic[K]):
    """A pool of at most ``jobs`` children. Tasks may be added while it runs."""

    def __init__(self, jobs: int) -> None:
        self._jobs = max(1, jobs)
        self._waiting: deque[Task[K]] = deque()
        self._running: dict[int, tuple[Task[K], Child]] = {}

    def add(self, task: Task[K], *, first: bool = False) -> None:
        """Queue a task; ``first`` puts it before the waiting ones."""
        (self._waiting.appendleft if first else self._waiting.append)(task)

    def extend(self, tasks: Iterable[Task[K]]) -> None:
        self._waiting.extend(tasks)

    @property
    def running(self) -> list[K]:
        """Keys of the children at work."""
        return [task.key for task, _ in self._running.values()]

    def run(self, tick: Callable[[], None] | None = None) -> Iterator[tuple[Task[K], Ending]]:
        """Yield each task with its ending, in the order in which they end.

        ``tick`` is called at least ten times a second while waiting. When the
        iterator is closed (Ctrl-C), every child is killed.
        """
        with linux.Orphans() as orphans:
            try:
                while self._waiting or self._running:
                    while self._waiting and len(self._running) < self._jobs:
                        task = self._waiting.popleft()
                        child = Child(task.body, task.limits)
                        self._running[child.pid] = (task, child)
                    if tick is not None:
                        tick()
                    yield from self._collect(orphans)
            finally:
                for _, child in self._running.values():
                    child.kill()
                self._running.clear()

    def _collect(self, orphans: linux.Orphans) -> Iterator[tuple[Task[K], Ending]]:
        children = [child for _, child in self._running.values()]
        pause = min(0.1, *(child.deadline - time.monotonic() for child in children))
        if any(child.pidfd is None for child in children):
            pause = min(pause, 0.002)
        linux.wait_readable([fd for child in children for fd in child.descriptors], pause)
        for pid, (task, child) in list(self._running.items()):
            ending = child.poll()
            if ending is not None:
                del self._running[pid]
                orphans.kill(self._running)
                yield task, ending


def run_alone(body: Callable[[Crumbs], bytes], limits: Limits) -> Ending:
    """Run one body in one child and wait for its ending."""
    with linux.Orphans():
        child = Child(body, limits)
        try:
            return child.wait()
        except BaseException:
            child.kill()
            raise
