# SPDX-License-Identifier: Apache-2.0
"""What a foreman does: runs jobs in children, a few at a time, and makes results of endings."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import attrs

from ffi_cts.engine import sanitizers
from ffi_cts.engine.autopsy import DEATH_WORDS, examine, shown
from ffi_cts.engine.child import Ending, Limits
from ffi_cts.engine.context import Context
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.deadline import Overrun
from ffi_cts.engine.jobs import Job, Timeouts
from ffi_cts.engine.judge import OUT_OF_MEMORY, Raw, carry_out, is_property, leaked, shrinking
from ffi_cts.engine.supervisor import Supervisor, Task
from ffi_cts.engine.trace import DEATHS
from ffi_cts.results import CheckResult

_TWICE = 2


class Shift:
    """Runs jobs in children of this process.

    Args:
        parallel: children at once.
        timeouts: limits of each child.
        command: start of the command that reproduces a result, target included.
        shrink: run a property that died again, to find the smallest example.
        memory: bytes of address space that a child has beyond what its subject allows, since
            it inherits them.
        scratch: folder beneath which each child has one of its own, which goes with it.
    """

    def __init__(
        self,
        parallel: int,
        timeouts: Timeouts,
        command: Sequence[str],
        scratch: Path,
        *,
        shrink: bool = True,
        memory: int = 0,
    ) -> None:
        self._timeouts = timeouts
        self._command = command
        self._shrink = shrink
        self._memory = memory
        self._scratch = scratch
        self._folders = itertools.count()
        self._pool: Supervisor[tuple[Job, ...]] = Supervisor(parallel)
        self._spent_on_hangs: dict[int, float] = defaultdict(float)
        # By subject, as are the others: what one library does is no loss of another.
        self._stayed: Counter[tuple[int, str]] = Counter()
        self._suspects: dict[int, set[str]] = defaultdict(set)

    @property
    def running(self) -> list[Job]:
        """The jobs at work."""
        return [job for jobs in self._pool.running for job in jobs]

    @property
    def notes(self) -> list[str]:
        """What has to be told beside results; the caller may clear it."""
        return self._pool.notes

    def run(
        self, jobs: Sequence[Job], tick: Callable[[], None] | None = None
    ) -> Iterator[tuple[Job, CheckResult]]:
        """Yield results as they come. Closing the iterator kills what is running."""
        for batch in batches(jobs):
            self._pool.add(self._task(batch))
        for task, ending in self._pool.run(tick):
            shutil.rmtree(task.scratch, ignore_errors=True)
            if len(task.key) > 1:
                yield from self._unpack(task.key, ending)
                continue
            (job,) = task.key
            self._suspect(job, ending)
            result = self._interpret(job, ending)
            if job.shrink and job.first is not None and job.first.raw_outcome == "timeout":
                self._spent_on_hangs[id(job.subject)] += ending.seconds
            if self._wants_shrinking(job, ending):
                again = attrs.evolve(job, shrink=True, first=result)
                self._pool.add(self._task((again,)), first=True)
            elif self._wants_trace(job, ending, result):
                again = attrs.evolve(job, trace=True, first=result)
                self._pool.add(self._task((again,)), first=True)
            else:
                yield job, self._better(job, result)

    def _suspect(self, job: Job, ending: Ending) -> None:
        """Give less time to what spends all of it where two checks did so before."""
        if ending.overrun is Overrun.OUT_OF_TIME and ending.function:
            place = (id(job.subject), ending.function)
            self._stayed[place] += 1
            if self._stayed[place] == _TWICE:
                self._suspects[id(job.subject)].add(ending.function)

    def _unpack(self, jobs: tuple[Job, ...], ending: Ending) -> Iterator[tuple[Job, CheckResult]]:
        """Results of the checks of a batch that passed; plans the others anew, the first alone."""
        passed: list[float] = []
        if ending.result is not None:
            with contextlib.suppress(ValueError, TypeError, RecursionError):
                passed = [_duration(each) for each in json.loads(ending.result)][: len(jobs)]
        for job, seconds in zip(jobs, passed, strict=False):
            yield job, job.result(self._command, Raw("pass"), seconds)
        left = jobs[len(passed) :]
        alone = left if ending.died else left[:1]
        for job in alone:
            self._pool.add(self._task((job,)))
        if left[len(alone) :]:
            self._pool.add(self._task(left[len(alone) :]))

    def _wants_shrinking(self, job: Job, ending: Ending) -> bool:
        if not (self._shrink and not job.shrink and ending.died and is_property(job.check.item)):
            return False
        if ending.timed_out:
            return self._spent_on_hangs[id(job.subject)] < self._timeouts.shrinking_hangs
        return not ending.lost

    def _wants_trace(self, job: Job, ending: Ending, result: CheckResult) -> bool:
        """Whether nothing tells yet where a check died that might tell it."""
        if not self._shrink or job.first is not None or sanitizers.loaded():
            return False
        died = result.raw_outcome == "crash" and any(how in result.message for how in DEATH_WORDS)
        return died and not result.stack and (ending.signal in DEATHS or ending.signal is None)

    def _context(self, job: Job) -> Context:
        return Context(job.subject, example_seconds=self._timeouts.example, trace=job.trace)

    def _task(self, jobs: tuple[Job, ...]) -> Task[tuple[Job, ...]]:
        first = jobs[0]
        seconds = self._timeouts.check if len(jobs) == 1 else self._timeouts.batch
        hung = first.first is not None and first.first.raw_outcome == "timeout"
        search = self._timeouts.shrinking_hang if hung else self._timeouts.shrinking
        if first.shrink:
            # The driver needs time of its own beside that of the examples.
            seconds += search

        def alone(crumbs: Crumbs) -> bytes:
            context = self._context(first)
            mode = shrinking(context, search) if first.shrink else context
            raw = carry_out(first.check.item, mode, crumbs)
            return ((leaked() if raw.outcome == "pass" else None) or raw).encode()

        def together(crumbs: Crumbs) -> bytes:
            passed = []
            for job in jobs:
                started = time.monotonic()
                if carry_out(job.check.item, self._context(job), crumbs).outcome != "pass":
                    break
                passed.append(time.monotonic() - started)
            # Looking for leaks takes longer than most checks. Which of them leaked is found out
            # when each is run alone.
            return json.dumps([] if passed and leaked() else passed).encode()

        folder = self._scratch / str(next(self._folders))
        memory = first.subject.memory
        memory = None if memory is None else memory + self._memory
        body = partial(_at_home, folder, alone if len(jobs) == 1 else together)
        alone_here = first.check.wants_the_machine
        suspects = self._suspects[id(first.subject)]
        limits = Limits(seconds, memory, suspects, self._timeouts.suspect, trace=first.trace)
        return Task(jobs, body, limits, folder, exclusive=alone_here)

    def _interpret(self, job: Job, ending: Ending) -> CheckResult:
        if ending.lost:
            raw = Raw("lost", ending.describe(self._timeouts.check))
        elif ending.result is None:
            found = examine(ending, self._timeouts.check)
            raw = Raw(
                "timeout" if ending.timed_out else "crash",
                found.message,
                calls=ending.calls,
                in_call=_last(ending.calls),
                fault=found.fault,
                stack=found.stack,
            )
        elif ending.result.startswith(b"!"):
            trace = ending.result[1:].decode("utf-8", "replace")
            last = trace.rstrip().rpartition("\n")[2]
            if last.startswith("MemoryError"):
                raw = Raw("crash", OUT_OF_MEMORY, calls=ending.calls, in_call=_last(ending.calls))
            else:
                raw = Raw("error", trace)
        else:
            try:
                raw = Raw.decode(ending.result)
            except ValueError:
                raw = Raw(
                    "crash",
                    "the process delivered a damaged result",
                    calls=ending.calls,
                    in_call=_last(ending.calls),
                )
        return job.result(self._command, raw, ending.seconds, shown(ending.output))

    @staticmethod
    def _better(job: Job, result: CheckResult) -> CheckResult:
        """Of a crash and its second run, the one that says more."""
        first = job.first
        if first is None:
            return result
        if job.trace:
            return attrs.evolve(
                first,
                fault=result.fault or _unknown(result),
                stack=result.stack,
                seconds=first.seconds + result.seconds,
            )
        if result.raw_outcome in ("crash", "timeout", "fail") and result.example:
            # What grandchildren print is not kept; the first run's output says the same.
            output = result.output or first.output
            seconds = first.seconds + result.seconds
            return attrs.evolve(result, output=output, seconds=seconds)
        return attrs.evolve(
            first,
            message=first.message
            + " (not seen again when every example ran in a process of its own)",
            seconds=first.seconds + result.seconds,
        )


def _unknown(again: CheckResult) -> str:
    """Why a second run of a check that died does not say where."""
    if again.raw_outcome != "crash":
        return "not known: it did not die when it ran once more"
    return "not known: the library handles the signal itself, or ends the process past exit()"


def _at_home(folder: Path, body: Callable[[Crumbs], bytes], crumbs: Crumbs) -> bytes:
    """Run ``body`` with ``folder`` in place of the folder for temporary files.

    What a check or its library leaves there is gone when its child is, however that ended.
    """
    folder.mkdir(parents=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    return body(crumbs)


def batches(planned: Sequence[Job]) -> Iterator[tuple[Job, ...]]:
    """The planned jobs, those of one subject together; some checks go alone.

    These come first, and what is known to take long before all others; those that want the machine
    for themselves come last of all.
    """
    for last in (False, True):
        yield from _batches([job for job in planned if job.check.wants_the_machine is last])


def _batches(planned: Sequence[Job]) -> Iterator[tuple[Job, ...]]:
    for _, group in itertools.groupby(planned, lambda job: id(job.subject)):
        alone: list[Job] = []
        jobs: list[Job] = []
        for job in group:
            check = job.check
            goes_alone = check.slow or check.wants_fresh_process or job.batch == 1
            (alone if goes_alone else jobs).append(job)
        for job in sorted(alone, key=_longest_first):
            yield (job,)
        size = jobs[0].batch if jobs else 1
        for start in range(0, len(jobs), size):
            yield tuple(jobs[start : start + size])


def _longest_first(job: Job) -> tuple[bool, bool]:
    return not job.check.slow, not job.check.wants_fresh_process


def _last(calls: Sequence[str]) -> str:
    return calls[-1] if calls else ""


def _duration(value: object) -> float:
    """Seconds as a child has told them. Raises ValueError if they make no sense."""
    if not isinstance(value, float) or not 0 <= value < 1e9:
        raise ValueError(value)
    return value
