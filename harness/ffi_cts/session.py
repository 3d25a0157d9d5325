# SPDX-License-Identifier: Apache-2.0
"""The one place where a run is put together: from options to a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing, suppress
from datetime import date, datetime, timezone
from types import TracebackType

import attrs

from ffi_cts import __version__, machine
from ffi_cts.abi import load
from ffi_cts.engine import sanitizers, shares
from ffi_cts.engine.collecting import collect
from ffi_cts.engine.efforts import configure_hypothesis, seed_all
from ffi_cts.engine.plan import Check, select
from ffi_cts.engine.scheduler import Job, Scheduler, Timeouts
from ffi_cts.engine.scratch import scratch_folder
from ffi_cts.expectations import Expectations, apply
from ffi_cts.library.fetch import cache_root, sha256_of
from ffi_cts.library.targets import Target
from ffi_cts.options import Options, Progress
from ffi_cts.results import (
    CheckResult,
    CompanionFacts,
    ExpectationSummary,
    Finding,
    Implementation,
    Part,
    Report,
    Run,
    Status,
    Suite,
)
from ffi_cts.subjects import Files, Found, Kind
from ffi_cts.subjects.runtime import RuntimeKind

__all__ = ["Options", "Progress", "Session", "judge", "listing"]

QUICK_BATCH = 16
"""Checks of one child at quick effort, where forking costs more than checking."""

_PROBE_SECONDS = 20.0


class Session:
    """A subject that was found and probed, and the checks that are carried out on it.

    While it is entered it owns a scratch folder, which goes with everything that checks left
    there. ``collect`` finds the checks; ``run`` carries out those that the options select, and
    ``carry_out`` any jobs; ``report`` says what came of it. Who has several subjects uses the
    steps by themselves: ``locate`` and ``probe``, then ``plan``, ``take`` and ``end``.

    Args:
        options: what the user asked for.
        kind: the kind of subject.
        expectations: known deviations, applied to the report.
        progress: is told of what goes on.
        shrink: look for the smallest example of a property whose child died.
        before_restart: called before the process is started again under a sanitizer.
    """

    def __init__(
        self,
        options: Options,
        *,
        kind: Kind | None = None,
        expectations: Expectations | None = None,
        progress: Progress | None = None,
        shrink: bool = True,
        before_restart: Callable[[], None] = lambda: None,
    ) -> None:
        self.options = options
        self.interrupted = False
        self._stopped = False
        self._kind: Kind = kind or RuntimeKind()
        self._expectations = expectations
        self._progress = progress or Progress()
        self._shrink = shrink
        self._before_restart = before_restart
        self._stack = ExitStack()
        self._known: tuple[str, ...] = ()
        self._jobs: list[Job] = []
        self._part: Part | None = None
        self._done: dict[str, CheckResult] = {}
        self.failed = 0
        self._results: list[CheckResult] = []
        self._findings: list[Finding] = []
        self._started = datetime.now(timezone.utc)
        self._clock = time.monotonic()

    def __enter__(self) -> Session:
        """Find and probe the subject.

        Raises:
            UsageError: it, or a companion, can't be used.
        """
        # The process may start again here, so nothing that wants to be cleared away comes first.
        sanitizers.preload(self.locate(), self._before_restart)
        self.configure()
        self.probe()
        return self

    def locate(self) -> list[str]:
        """Find the files, and give the names of the libraries that they link.

        Raises:
            UsageError: one can't be found, or --strict meets an expectation without a reason.
        """
        if self._expectations is not None and self.options.strict:
            self._expectations.insist()
        self.files: Files = self._kind.locate(self.options.request, self._progress.note)
        return [name for file in self.files.every for name in file.needed]

    def configure(self) -> None:
        """Settle what holds for the whole process."""
        options = self.options
        if self._expectations is not None and self._expectations.unfinished:
            self._progress.note(f"{self._expectations.unfinished} --strict refuses them.")
        configure_hypothesis(options.effort, options.seed, cache_root() / "hypothesis")

    def probe(self) -> None:
        """Measure the subject, with a scratch folder that stays until the session is left.

        Raises:
            UsageError: it, or a companion, can't be loaded.
        """
        seconds = _PROBE_SECONDS * self.options.timeout_scale
        with ExitStack() as stack:
            self.scratch = stack.enter_context(scratch_folder())
            self.found: Found = self._kind.probe(
                self.options.request, self.files, self.scratch, seconds
            )
            self._stack = stack.pop_all()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def fixtures(self) -> Sequence[object]:
        """pytest plugins that the checks need."""
        return self._kind.fixtures()

    def collect(self, loop: Callable[[list[Check]], None]) -> None:
        """Call ``loop`` with the checks, in a pytest that the user's settings don't reach.

        Raises:
            HarnessError: the suite itself is broken.
        """
        # Expectations are held against every check there is, not only the chosen ones.
        only = self.options.only if self._expectations is None else ()
        collect(loop, self.fixtures, only=only)

    def run(self, checks: Sequence[Check]) -> Generator[tuple[Check, CheckResult], None, None]:
        """Carry out those of ``checks`` that the options select, and keep the results.

        An interruption ends it early; the checks that were not reached are then lost. Closing
        the iterator does the same.

        Raises:
            UsageError: the options select nothing that exists.
        """
        jobs = self.plan(checks)
        self._progress.planned(len(jobs))
        interrupted, stopped = True, False
        try:
            with closing(self.carry_out(jobs)) as results:
                for job, result in results:
                    waived = self.take(job, result)
                    yield job.check, waived
                    if self.failed and self.failed == self.options.maxfail:
                        stopped = True
                        break
            interrupted = False
        except KeyboardInterrupt:
            pass
        finally:
            self.end(interrupted=interrupted, stopped=stopped)

    def plan(self, checks: Sequence[Check]) -> list[Job]:
        """Select the checks, or the part of them that is asked for, and keep what was planned.

        Raises:
            UsageError: the options select nothing that exists.
        """
        options = self.options
        checks = [check for check in checks if check.kind == self._kind.name]
        if self.found.cells:
            checks = [
                check.of(cell.id)
                for cell in self.found.cells
                for check in checks
                if check.roles == cell.roles
            ]
        self._known = tuple(check.id for check in checks)
        chosen = select(checks, options.only, options.profiles)
        if options.shard is not None:
            chosen = self._share(chosen, *options.shard)
        cells = {cell.id: cell for cell in self.found.cells}
        self._jobs = []
        for check in chosen:
            subject = cells.get(check.cell, self.found.subject)
            command = tuple(options.command(subject.words))
            self._jobs.append(Job(check, subject, self._batch(check), command=command))
        return self._jobs

    def _share(self, chosen: Sequence[Check], number: int, of: int) -> list[Check]:
        positions = _positions(chosen, number, of)
        known = () if self._expectations is None else self._expectations.entries
        self._part = Part(
            numbers=(number,),
            of=of,
            selection=shares.selection(chosen),
            positions=tuple(positions),
            day=date.today().isoformat(),
            entries=tuple(entry.as_part() for entry in known if entry.covers(self.files.target.id)),
        )
        return [chosen[position] for position in positions]

    def take(self, job: Job, result: CheckResult) -> CheckResult:
        """Keep a result. Gives it as it will stand in the report if an entry covers it."""
        self._done[job.check.id] = result
        self._progress.result(result)
        waived = self._waived(result)
        self.failed += waived.gates
        return waived

    @property
    def finished(self) -> bool:
        """Whether everything that was planned has its result."""
        return len(self._done) >= len(self._jobs)

    def end(self, *, interrupted: bool, stopped: bool) -> None:
        """Say that no more results come.

        What was planned and has none is lost, or left out if enough deviations have ``stopped`` it.
        """
        self.interrupted, self._stopped = interrupted, stopped and not self.finished
        why = "the run was interrupted" if self.interrupted else "the check gave no result"
        scheduler = self._scheduler()
        self._results = [
            self._done.get(job.check.id) or scheduler.lost(job, why)
            for job in self._jobs
            if job.check.id in self._done or not self._stopped
        ]
        if self._part is not None and self._stopped:
            places = zip(self._jobs, self._part.positions, strict=True)
            kept = tuple(place for job, place in places if job.check.id in self._done)
            self._part = attrs.evolve(self._part, positions=kept)

    def tell(self, findings: Iterable[Finding]) -> None:
        """Have the report tell of something that is no check."""
        self._findings.extend(findings)

    def carry_out(self, jobs: Iterable[Job]) -> Generator[tuple[Job, CheckResult], None, None]:
        """Carry out any jobs; results come as they are ready and are not kept."""
        jobs = list(jobs)
        seed_all([job.check for job in jobs], self.options.seed)
        scheduler = self._scheduler()
        for job in jobs:
            scheduler.add(job)
        yield from scheduler.run(
            lambda: self._progress.tick([job.check.id for job in scheduler.running])
        )
        self.tell(Finding("left-behind", note) for note in scheduler.notes)

    def report(self) -> Report:
        """What the run found out, expectations applied."""
        options, target, found = self.options, self.files.target, self.found
        results, findings = tuple(self._results), (*found.findings, *self._findings)
        changed = [file for file in self.files.every if _changed(file)]
        for file in changed:
            # Nobody knows which result belongs to which file.
            why = f"{file.path} was replaced or removed while it was judged"
            results = tuple(_voided(result, why) for result in results)
            findings = (*findings, Finding("library-changed", f"{why}: all results are void"))
        summary = ExpectationSummary()
        if self._expectations is not None:
            results, summary = apply(
                results,
                self._expectations,
                target.id,
                date.today(),
                known_checks=self._known,
                whole=self._part is None,
            )
        return Report(
            suite=Suite(version=__version__, spec_sha256=load().sha256),
            kind=self._kind.name,
            base_profile=self._kind.base_profile,
            implementation=Implementation(
                id=target.id,
                path=str(target.path),
                sha256=target.sha256,
                reported_version=found.reported_version,
                features=tuple(sorted(found.subject.features)),
            ),
            companions=tuple(
                CompanionFacts(role=each.role, id=each.id, sha256=each.sha256)
                for each in found.subject.companions
            ),
            machine=machine.describe(),
            run=Run(
                effort=options.effort,
                seed=options.seed,
                only=options.only,
                profiles=options.profiles,
                partial=options.partial
                or self._stopped
                or bool(options.only or options.profiles or options.shard),
                stopped=self._stopped,
                strict=options.strict,
                seconds=round(time.monotonic() - self._clock, 3),
                jobs=options.parallel,
                interrupted=self.interrupted,
                started=self._started.isoformat(timespec="seconds"),
            ),
            checks=results,
            findings=findings,
            expectations=summary,
            part=self._part,
        )

    def _batch(self, check: Check) -> int:
        """How many checks may share a child with this one."""
        if self.options.effort != "quick":
            return 1
        entries = () if self._expectations is None else self._expectations.entries
        # One that does not pass would end its batch, and be run again.
        fails = any(entry.concerns(check.id, self.files.target.id) for entry in entries)
        return 1 if fails else QUICK_BATCH

    def _scheduler(self) -> Scheduler:
        options = self.options
        timeouts = Timeouts.scaled(options.timeout_scale, options.effort)
        return Scheduler(
            options.parallel,
            timeouts,
            options.command(),
            shrink=self._shrink,
            scratch=self.scratch,
        )

    def _waived(self, result: CheckResult) -> CheckResult:
        """``result`` as it will stand in the report if an entry covers its deviation."""
        if self._expectations is None:
            return result
        ((applied,), _) = apply([result], self._expectations, self.files.target.id, date.today())
        return applied if applied.status is Status.WAIVED else result


def judge(
    options: Options,
    expectations: Expectations | None = None,
    progress: Progress | None = None,
    *,
    kind: Kind | None = None,
) -> Report:
    """Run the suite as ``options`` say. Ctrl-C ends it early, with a valid partial report.

    Raises:
        UsageError: the target or an option can't be used.
        HarnessError: the suite itself is broken.
    """
    with Session(options, kind=kind, expectations=expectations, progress=progress) as session:

        def loop(checks: list[Check]) -> None:
            with closing(session.run(checks)) as results, suppress(KeyboardInterrupt):
                for _ in results:
                    pass

        session.collect(loop)
        return session.report()


def listing(options: Options, kind: Kind | None = None) -> list[Check]:
    """The checks that a run with ``options`` would carry out. Nothing is loaded.

    Raises:
        UsageError: the options select nothing that exists.
    """
    kind = kind or RuntimeKind()
    found: list[Check] = []

    def loop(checks: list[Check]) -> None:
        mine = [check for check in checks if check.kind == kind.name]
        chosen = select(mine, options.only, options.profiles)
        if options.shard is not None:
            chosen = [chosen[position] for position in _positions(chosen, *options.shard)]
        found.extend(chosen)

    collect(loop, kind.fixtures(), only=options.only)
    return found


def _positions(chosen: Sequence[Check], number: int, of: int) -> list[int]:
    """Which of the checks are the part that ``--shard`` asks for. Raises UsageError."""
    return shares.share([check.id for check in chosen], number, of, shares.durations())


def _changed(target: Target) -> bool:
    try:
        return sha256_of(target.path) != target.sha256
    except OSError:
        return True


def _voided(result: CheckResult, why: str) -> CheckResult:
    return CheckResult(
        id=result.id,
        clauses=result.clauses,
        level=result.level,
        profile=result.profile,
        status=Status.LOST,
        message=why,
    )
