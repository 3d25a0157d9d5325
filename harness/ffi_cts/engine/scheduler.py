# SPDX-License-Identifier: Apache-2.0
"""Runs checks against implementations, each in a child, and turns endings into results."""

from __future__ import annotations

import contextlib
import itertools
import json
import shlex
import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from ffi_cts.engine.child import Ending, Limits
from ffi_cts.engine.context import Context
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.judge import OUT_OF_MEMORY, Raw, is_property, judge, shrinking
from ffi_cts.engine.plan import Check
from ffi_cts.engine.subject import Subject
from ffi_cts.engine.supervisor import Supervisor, Task
from ffi_cts.results import CheckResult, Status, status_for

_KEPT_CALLS = 40
_RETRIES = 2
"""How often a check that was lost is tried again."""


_CHECK_SECONDS = {"quick": 10.0, "standard": 20.0, "deep": 120.0}


@attrs.frozen
class Timeouts:
    """Seconds on a child's own clock (see deadline.py), already scaled.

    ``batch`` decides nothing: a batch that takes longer is taken apart. ``shrinking`` bounds the
    search for the smallest example of one crash, ``shrinking_hang`` that of one hang, each step
    of which takes long, and ``shrinking_hangs`` (wall time) those of a whole run.
    """

    check: float
    example: float
    shrinking: float
    batch: float = 3.0
    shrinking_hang: float = 6.0
    shrinking_hangs: float = 60.0

    @classmethod
    def scaled(cls, scale: float, effort: str = "standard") -> Timeouts:
        """Those of an effort, times ``scale``."""
        return cls(
            check=_CHECK_SECONDS[effort] * scale,
            example=2.0 * scale,
            shrinking=30.0 * scale,
            batch=3.0 * scale,
            shrinking_hang=6.0 * scale,
            shrinking_hangs=60.0 * scale,
        )


@attrs.frozen
class Job:
    """One check of one subject.

    ``batch``: how many checks of the subject may share a child as long as they pass. The first
    that does not pass ends the batch; it gets its result from a child of its own, and so does
    every check of a batch whose child died.
    """

    check: Check
    subject: Subject
    batch: int = 1
    shrink: bool = False
    first: CheckResult | None = None


class Scheduler:
    """Runs jobs a few at a time.

    Args:
        jobs: children at once.
        timeouts: limits of each child.
        command: start of the command that reproduces a result, target included.
        shrink: run a property that died again, to find the smallest example.
    """

    def __init__(
        self, jobs: int, timeouts: Timeouts, command: Sequence[str], *, shrink: bool = True
    ) -> None:
        self._timeouts = timeouts
        self._shrink = shrink
        self._command = command
        self._pool: Supervisor[tuple[Job, ...]] = Supervisor(jobs)
        self._planned: list[Job] = []
        self._spent_on_hangs = 0.0
        self._unsupported: list[tuple[Job, CheckResult]] = []

    def add(self, check: Check, subject: Subject, *, batch: int = 1) -> None:
        """Plan a check; one whose needs the implementation lacks gets its result at once."""
        job = Job(check, subject, batch)
        missing = sorted(check.requires - subject.features)
        if missing:
            message = f"the implementation lacks {', '.join(missing)}"
            self._unsupported.append((job, self._result(job, Raw("unsupported", message), 0.0)))
        else:
            self._planned.append(job)

    @property
    def running(self) -> list[str]:
        """Ids of the checks at work."""
        return [job.check.id for jobs in self._pool.running for job in jobs[:1]]

    def run(self, tick: Callable[[], None] | None = None) -> Iterator[tuple[Job, CheckResult]]:
        """Yield results as they come. Closing the iterator kills what is running."""
        yield from self._unsupported
        for batch in self._batches():
            self._pool.add(self._task(batch))
        lost: dict[Job, CheckResult] = {}
        for job, result in self._drain(tick):
            if result.status is Status.LOST:
                lost[attrs.evolve(job, shrink=False, first=None)] = result
            else:
                yield job, result
        for _ in range(_RETRIES):  # now that nothing else runs
            if not lost:
                return
            self._pool = Supervisor(1)
            for job in lost:
                self._pool.add(self._task((job,)))
            for job, result in self._drain(tick):
                if result.status is not Status.LOST:
                    del lost[attrs.evolve(job, shrink=False, first=None)]
                    yield job, result
        yield from lost.items()

    def _drain(self, tick: Callable[[], None] | None) -> Iterator[tuple[Job, CheckResult]]:
        """Results of what is in the pool, and of what it leads to."""
        for task, ending in self._pool.run(tick):
            if len(task.key) > 1:
                yield from self._unpack(task.key, ending)
                continue
            (job,) = task.key
            result = self._interpret(job, ending)
            if job.shrink and job.first is not None and job.first.raw_outcome == "timeout":
                self._spent_on_hangs += ending.seconds
            if self._wants_shrinking(job, ending):
                again = attrs.evolve(job, shrink=True, first=result)
                self._pool.add(self._task((again,)), first=True)
            else:
                yield job, self._better(job, result)

    def _batches(self) -> Iterator[tuple[Job, ...]]:
        """The planned jobs, those of one subject together; some checks go alone.

        These come first, and what is known to take long before all others.
        """
        for _, group in itertools.groupby(self._planned, lambda job: id(job.subject)):
            jobs = list(group)
            for job in jobs:
                if job.check.slow:
                    yield (job,)
            for job in jobs:
                if job.check.wants_fresh_process and not job.check.slow:
                    yield (job,)
            jobs = [job for job in jobs if not (job.check.wants_fresh_process or job.check.slow)]
            size = jobs[0].batch if jobs else 1
            for start in range(0, len(jobs), size):
                yield tuple(jobs[start : start + size])

    def _unpack(self, jobs: tuple[Job, ...], ending: Ending) -> Iterator[tuple[Job, CheckResult]]:
        """Results of the checks of a batch that passed; plans the others anew, the first alone."""
        passed: list[float] = []
        if ending.result is not None:
            with contextlib.suppress(ValueError, TypeError):
                passed = [float(seconds) for seconds in json.loads(ending.result)][: len(jobs)]
        for job, seconds in zip(jobs, passed, strict=False):
            yield job, self._result(job, Raw("pass"), seconds)
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
            return self._spent_on_hangs < self._timeouts.shrinking_hangs
        return not ending.lost

    def lost(self, job: Job, why: str) -> CheckResult:
        """Result of a planned check that was never finished."""
        return self._result(job, Raw("lost", why), 0.0)

    def _context(self, job: Job) -> Context:
        return Context(job.subject, example_seconds=self._timeouts.example)

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
            return judge(first.check.item, mode, crumbs).encode()

        def together(crumbs: Crumbs) -> bytes:
            passed = []
            for job in jobs:
                started = time.monotonic()
                if judge(job.check.item, self._context(job), crumbs).outcome != "pass":
                    break
                passed.append(time.monotonic() - started)
            return json.dumps(passed).encode()

        body = alone if len(jobs) == 1 else together
        return Task(jobs, body, Limits(seconds, first.subject.memory))

    def _interpret(self, job: Job, ending: Ending) -> CheckResult:
        if ending.lost:
            raw = Raw("lost", ending.describe(self._timeouts.check))
        elif ending.result is None:
            raw = Raw(
                "timeout" if ending.timed_out else "crash",
                ending.describe(self._timeouts.check),
                calls=ending.calls,
                in_call=_last(ending.calls),
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
            except (ValueError, TypeError, KeyError):
                raw = Raw(
                    "crash",
                    "the process delivered a damaged result",
                    calls=ending.calls,
                    in_call=_last(ending.calls),
                )
        return self._result(job, raw, ending.seconds, ending.output)

    @staticmethod
    def _better(job: Job, result: CheckResult) -> CheckResult:
        """Of a crash and its second run, the one that says more."""
        first = job.first
        if first is None:
            return result
        if result.raw_outcome in ("crash", "timeout", "fail") and result.example:
            # What grandchildren print is not kept; the first run's output says the same.
            output = result.output or first.output
            return attrs.evolve(result, output=output, seconds=first.seconds + result.seconds)
        return attrs.evolve(
            first,
            message=first.message
            + " (not seen again when every example ran in a process of its own)",
            seconds=first.seconds + result.seconds,
        )

    def _result(self, job: Job, raw: Raw, seconds: float, output: str = "") -> CheckResult:
        check = job.check
        outcome = Status(raw.outcome)
        status = status_for(outcome, check.level)
        if check.disputed and status in (Status.FAIL, Status.CRASH, Status.TIMEOUT):
            status = Status.WARN
        texts = "\n".join(f"{c.id}: {c.text}" for c in check.clauses)
        failed = outcome not in (Status.PASS, Status.UNSUPPORTED, Status.LOST)
        message = f"{texts}\n{raw.message}" if failed else raw.message
        return CheckResult(
            id=check.id,
            clauses=check.clause_ids,
            level=check.level,
            profile=check.profile,
            status=status,
            outcome=outcome.value if status is not outcome else "",
            message=message.strip(),
            in_call=raw.in_call if failed else "",
            example=raw.example if failed else "",
            calls=raw.calls[-_KEPT_CALLS:] if failed else (),
            output=output if failed else "",
            reproduce=shlex.join([*self._command, "--only", check.id]) if failed else "",
            seconds=round(seconds, 4),
        )


def _last(calls: Sequence[str]) -> str:
    return calls[-1] if calls else ""
