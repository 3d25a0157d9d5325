# SPDX-License-Identifier: Apache-2.0
"""Has jobs carried out by foremen, one for each set of imports, and gathers the results."""

from __future__ import annotations

import gc
import importlib
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from ffi_cts.engine import procfs
from ffi_cts.engine.foreman import ForemanDied, Tell, oversee
from ffi_cts.engine.jobs import Job, Timeouts, decode, encode
from ffi_cts.engine.judge import Raw
from ffi_cts.engine.shift import Shift
from ffi_cts.results import CheckResult, Status

__all__ = ["Job", "Scheduler", "Timeouts"]

_RETRIES = 2
"""How often a check that was lost is tried again."""


class Scheduler:
    """Runs jobs a few at a time.

    Args:
        jobs: children at once.
        timeouts: limits of each child.
        command: start of the command that reproduces a result, target included; jobs may have
            their own.
        shrink: run a property that died again, to find the smallest example.
        scratch: folder for what checks leave behind, which is removed with them; one is made
            for the purpose where it is None.
    """

    def __init__(
        self,
        jobs: int,
        timeouts: Timeouts,
        command: Sequence[str],
        *,
        shrink: bool = True,
        scratch: Path | None = None,
    ) -> None:
        self._scratch = scratch
        self._parallel = jobs
        self._timeouts = timeouts
        self._shrink = shrink
        self._command = command
        self._planned: list[Job] = []
        self._unsupported: list[tuple[Job, CheckResult]] = []
        self._running: list[Job] = []
        self.notes: list[str] = []

    def add(self, job: Job) -> None:
        """Plan a check; one whose needs the implementation lacks gets its result at once."""
        missing = sorted(job.check.requires - job.subject.features)
        if missing:
            raw = Raw("unsupported", f"the implementation lacks {', '.join(missing)}")
            self._unsupported.append((job, job.result(self._command, raw, 0.0)))
        else:
            self._planned.append(job)

    @property
    def running(self) -> list[Job]:
        """The jobs at work."""
        return list(self._running)

    def lost(self, job: Job, why: str) -> CheckResult:
        """Result of a planned check that was never finished."""
        return job.result(self._command, Raw("lost", why), 0.0)

    def run(
        self, tick: Callable[[], None] | None = None
    ) -> Generator[tuple[Job, CheckResult], None, None]:
        """Yield results as they come. Closing the iterator kills what is running.

        What was lost is tried again at the end, alone.
        """
        yield from self._unsupported
        left, parallel = self._planned, self._parallel
        for _ in range(1 + _RETRIES):
            lost: list[tuple[Job, CheckResult]] = []
            for jobs in _by_imports(left):
                for job, result in self._carried_out(jobs, parallel, tick):
                    if result.status is Status.LOST:
                        lost.append((job, result))
                    else:
                        yield job, result
            left, parallel = [job for job, _ in lost], 1
            if not left:
                return
        yield from lost

    def _carried_out(
        self, jobs: list[Job], parallel: int, tick: Callable[[], None] | None
    ) -> Iterator[tuple[Job, CheckResult]]:
        """Results of jobs with the same imports, from as many foremen as it takes."""
        left = dict(enumerate(jobs))
        while left:
            try:
                with (
                    self._folder() as scratch,
                    closing(
                        oversee(partial(self._work, dict(left), parallel, scratch), tick)
                    ) as messages,
                ):
                    for message in messages:
                        if "running" in message:
                            self._running = [jobs[number] for number in message["running"]]
                        elif "note" in message:
                            self.notes.append(message["note"])
                        else:
                            job = left.pop(message["job"])
                            yield job, decode(message["result"])
            except ForemanDied:
                # One of those at work must have done it; the others get another foreman.
                suspects = [number for number, job in left.items() if job in self._running]
                for number in suspects or list(left)[:1]:
                    why = "the process that watches over the checks was killed"
                    job = left.pop(number)
                    yield job, self.lost(job, why)
            finally:
                self._running = []

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(
            prefix="ffi-cts-", dir=self._scratch, ignore_cleanup_errors=True
        )

    def _work(self, jobs: dict[int, Job], parallel: int, scratch: str, tell: Tell) -> None:
        """The foreman's part."""
        numbers = {(id(job.check), id(job.subject)): number for number, job in jobs.items()}
        before = procfs.address_space()
        names = next(iter(jobs.values())).imports
        for name in names:
            try:
                importlib.import_module(name)
            except ImportError as error:
                raw = Raw("unsupported", f"{name} can't be imported: {error}")
                for number, job in jobs.items():
                    result = job.result(self._command, raw, 0.0)
                    tell({"job": number, "result": encode(result)})
                return
        if names:
            # A child would otherwise touch, and so copy, every object of a framework.
            gc.collect()
            gc.freeze()
        shift = Shift(
            parallel,
            self._timeouts,
            self._command,
            Path(scratch),
            shrink=self._shrink,
            memory=max(0, procfs.address_space() - before),
        )
        told: list[int] = []

        def number_of(job: Job) -> int:
            return numbers[id(job.check), id(job.subject)]

        def report() -> None:
            nonlocal told
            running = [number_of(job) for job in shift.running]
            if running != told:
                tell({"running": running})
                told = running
            while shift.notes:
                tell({"note": shift.notes.pop()})

        for job, result in shift.run(list(jobs.values()), report):
            tell({"job": number_of(job), "result": encode(result)})
        report()


def _by_imports(jobs: Sequence[Job]) -> list[list[Job]]:
    """Jobs that import the same, together; those that import the least come first."""
    sets: dict[tuple[str, ...], list[Job]] = {}
    for job in jobs:
        sets.setdefault(job.imports, []).append(job)
    return [sets[names] for names in sorted(sets, key=lambda names: (len(names), names))]
