# SPDX-License-Identifier: Apache-2.0
"""Judges one implementation: from options to a report."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timezone
from pathlib import Path

import attrs

from ffi_cts import __version__
from ffi_cts._paths import reference_library
from ffi_cts.abi import load
from ffi_cts.checks.fixtures import RuntimeFixtures
from ffi_cts.engine import sanitizers
from ffi_cts.engine.collecting import collect
from ffi_cts.engine.efforts import configure_hypothesis, seed_all
from ffi_cts.engine.plan import Check, select
from ffi_cts.engine.scheduler import Job, Scheduler, Subject, Timeouts
from ffi_cts.expectations import Expectations, apply
from ffi_cts.library.elf import inspect_library
from ffi_cts.library.fetch import cache_root, sha256_of
from ffi_cts.library.targets import Target, resolve
from ffi_cts.results import (
    CheckResult,
    ExpectationSummary,
    Finding,
    Implementation,
    Report,
    Run,
    Status,
    Suite,
)
from ffi_cts.subjects.runtime import Probe, is_sanitized, probe


@attrs.frozen(kw_only=True)
class Options:
    """What ``ffi-cts run`` was asked to do.

    ``against`` are the second implementations of the cross-library checks; the
    first one is used. ``timeout_scale`` multiplies every timeout.
    """

    target: str
    only: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    effort: str = "standard"
    seed: int = 0
    jobs: int = 0
    timeout_scale: float = 1.0
    include: Path | None = None
    against: str = "reference"

    @property
    def parallel(self) -> int:
        """Children at once: as asked, or as many as there are usable cores."""
        return self.jobs or len(os.sched_getaffinity(0))

    def command(self) -> list[str]:
        """Start of the command that runs one check of this run again."""
        words = ["ffi-cts", "run", self.target, "--effort", self.effort]
        if self.seed:
            words += ["--seed", str(self.seed)]
        if self.include is not None:
            words += ["--include", str(self.include)]
        if self.against != "reference":
            words += ["--against", self.against]
        if self.timeout_scale != 1.0:
            words += ["--timeout-scale", f"{self.timeout_scale:g}"]
        return words


@attrs.frozen
class Progress:
    """Callbacks of a run; every one may do nothing."""

    note: Callable[[str], None] = lambda message: None
    planned: Callable[[int], None] = lambda total: None
    result: Callable[[CheckResult], None] = lambda result: None
    tick: Callable[[Sequence[str]], None] = lambda running: None


@contextmanager
def second_library(spec: str) -> Iterator[tuple[str, Path]]:
    """Name and path of the second implementation; the file is a private copy.

    The copy makes it a library of its own even when both are the same file: the
    loader tells libraries apart by inode.

    Raises:
        UsageError: it can't be loaded; the target is not to be blamed for that.
    """
    path = reference_library()
    if spec != "reference":
        target = resolve(spec)
        probe(target, frozenset(inspect_library(target.path).needed), 20.0)
        path = target.path
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder:
        copy = Path(folder) / path.name
        shutil.copy2(path, copy)
        yield spec, copy


QUICK_BATCH = 8
"""Checks of one child at quick effort, where forking costs more than checking."""


def make_subject(
    target: Target, found: Probe, options: Options, second: tuple[str, Path]
) -> Subject:
    """What the scheduler is told of a target."""
    return Subject(
        name=target.id,
        path=target.path,
        features=found.features,
        include=options.include or target.include,
        release=target.release,
        against=(second,),
        memory=found.memory,
        batch=QUICK_BATCH if options.effort == "quick" else 1,
    )


def judge(
    options: Options, expectations: Expectations | None = None, progress: Progress | None = None
) -> Report:
    """Run the suite as ``options`` say. Ctrl-C ends it early, with a valid partial report.

    Raises:
        UsageError: the target or an option can't be used.
        HarnessError: the suite itself is broken.
    """
    progress = progress or Progress()
    started = datetime.now(timezone.utc)
    clock = time.monotonic()
    target = resolve(options.target, progress=progress.note)
    needed = frozenset(inspect_library(target.path).needed)
    sanitizers.preload(needed)
    found = probe(target, needed, 20.0 * options.timeout_scale)
    configure_hypothesis(options.effort, options.seed, cache_root() / "hypothesis")
    with second_library(options.against) as second:
        if is_sanitized(frozenset(inspect_library(second[1]).needed)):
            found = attrs.evolve(found, memory=None)
        subject = make_subject(target, found, options, second)
        judgement = _Judgement(options, subject, progress)
        # Expectations are held against every check there is, not only the chosen ones.
        plugins = [RuntimeFixtures()]
        collect(judgement.run, plugins, only=options.only if expectations is None else ())
    results, findings = tuple(judgement.results), found.findings
    if _changed(target):
        # Nobody knows which result belongs to which file.
        why = f"{target.path} was replaced or removed while it was judged"
        results = tuple(
            CheckResult(
                id=result.id,
                clauses=result.clauses,
                level=result.level,
                profile=result.profile,
                status=Status.LOST,
                message=why,
            )
            for result in results
        )
        findings = (*findings, Finding("library-changed", f"{why}: all results are void"))
    summary = ExpectationSummary()
    if expectations is not None:
        results, summary = apply(
            results, expectations, target.id, date.today(), known_checks=judgement.known
        )
    return Report(
        suite=Suite(version=__version__, spec_sha256=load().sha256),
        implementation=Implementation(
            id=target.id,
            path=str(target.path),
            sha256=target.sha256,
            reported_version=found.reported_version,
            features=tuple(sorted(found.features)),
        ),
        run=Run(
            effort=options.effort,
            seed=options.seed,
            profiles=options.profiles,
            seconds=round(time.monotonic() - clock, 3),
            jobs=options.parallel,
            interrupted=judgement.interrupted,
            started=started.isoformat(timespec="seconds"),
        ),
        checks=results,
        findings=findings,
        expectations=summary,
    )


def _changed(target: Target) -> bool:
    try:
        return sha256_of(target.path) != target.sha256
    except OSError:
        return True


class _Judgement:
    """The loop of one run, and what came of it."""

    def __init__(self, options: Options, subject: Subject, progress: Progress) -> None:
        self._options = options
        self._subject = subject
        self._progress = progress
        self.results: list[CheckResult] = []
        self.known: list[str] = []
        self.interrupted = False

    def run(self, checks: list[Check]) -> None:
        options = self._options
        self.known = [check.id for check in checks]
        chosen = select(checks, options.only, options.profiles)
        seed_all(chosen, options.seed)
        scheduler = Scheduler(
            options.parallel, Timeouts.scaled(options.timeout_scale), options.command()
        )
        for check in chosen:
            scheduler.add(check, self._subject)
        self._progress.planned(len(chosen))
        done: dict[str, CheckResult] = {}
        try:
            for job, result in scheduler.run(lambda: self._progress.tick(scheduler.running)):
                done[job.check.id] = result
                self._progress.result(result)
        except KeyboardInterrupt:
            self.interrupted = True
        why = "the run was interrupted" if self.interrupted else "the check gave no result"
        self.results = [
            done.get(check.id) or scheduler.lost(Job(check, self._subject), why) for check in chosen
        ]
