# SPDX-License-Identifier: Apache-2.0
"""Judges several subjects at once: one collection of the checks, one pool of children."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing

from ffi_cts.engine import sanitizers
from ffi_cts.engine.efforts import seed_all
from ffi_cts.engine.plan import Check
from ffi_cts.engine.scheduler import Job, Scheduler, Timeouts
from ffi_cts.engine.scratch import scratch_folder
from ffi_cts.errors import UsageError
from ffi_cts.expectations import Expectations
from ffi_cts.results import Finding, Report
from ffi_cts.session import Options, Progress, Session

_TOLD = 5
"""Targets whose errors are told in full."""


def judge_all(
    options: Sequence[Options],
    expectations: Expectations | None = None,
    progress: Progress | None = None,
) -> list[Report]:
    """Run the suite on several targets; gives a report on each, as it would have had alone.

    ``options`` differ in their targets, and in which checks are selected. Deviations are counted
    together for ``maxfail``. Ctrl-C ends it early, with a valid report on each.

    Raises:
        UsageError: a target or an option can't be used. Then nothing was judged.
        HarnessError: the suite itself is broken.
    """
    sessions = [
        Session(each, expectations=expectations, progress=_quiet(progress)) for each in options
    ]
    needed = _for_each(sessions, Session.locate)
    sanitizers.preload(_one_runtime(sessions, needed))
    sessions[0].configure()
    with ExitStack() as stack:
        for session in sessions:
            stack.push(session)
        _for_each(sessions, Session.probe)
        pool = _Pool(sessions, progress or Progress())
        # Expectations are held against every check there is, not only the chosen ones.
        sessions[0].collect(pool.run)
        return [session.report() for session in sessions]


def _quiet(progress: Progress | None) -> Progress | None:
    """What a session among several tells by itself: the pool tells the rest."""
    return progress and Progress(note=progress.note)


def _for_each(sessions: Sequence[Session], step: Callable[[Session], object]) -> list[object]:
    """Take a step of each session, all of them though one may fail.

    Raises:
        UsageError: some failed; it tells of all.
    """
    done: list[object] = []
    errors: dict[str, UsageError] = {}
    for session in sessions:
        try:
            done.append(step(session))
        except UsageError as error:
            # What is wrong with an option is wrong with each target.
            errors.setdefault(error.message, error)
    if len(errors) == 1:
        raise next(iter(errors.values()))
    if errors:
        told = list(errors)[:_TOLD]
        more = f" And {len(errors) - _TOLD} more." if len(errors) > _TOLD else ""
        raise UsageError(
            f"{len(errors)} of {len(sessions)} targets can't be used, so that nothing was judged. "
            + " ".join(told)
            + more,
            "Leave them out to judge the others.",
        )
    return done


def _one_runtime(sessions: Sequence[Session], needed: Sequence[object]) -> list[str]:
    """What all targets link, if they can live in the same process.

    Raises:
        UsageError: they need different sanitizers, or one needs one and another does not.
    """
    of: dict[str | None, tuple[str, list[str]]] = {}
    for session, names in zip(sessions, needed, strict=True):
        assert isinstance(names, list)
        of.setdefault(sanitizers.runtime_library(names), (session.options.target, names))
    if len(of) > 1:
        (one, (first, _)), (other, (second, _)) = list(of.items())[:2]
        raise UsageError(
            f"{first} needs {one or 'no sanitizer'} in its process, {second} "
            f"{other or 'no sanitizer'}: they can't be judged together.",
            "Judge them in two runs, and compare with `ffi-cts report a.json b.json`.",
        )
    ((_, names),) = of.values()
    return names


class _Pool:
    """Carries out the checks of all sessions together."""

    def __init__(self, sessions: Sequence[Session], progress: Progress) -> None:
        self._sessions = sessions
        self._progress = progress

    def run(self, checks: list[Check]) -> None:
        """Carry out what the sessions select of ``checks``; each keeps its own results."""
        sessions, options = self._sessions, self._sessions[0].options
        planned = [session.plan(checks) for session in sessions]
        jobs = [job for each in planned for job in each]
        self._progress.planned(len(jobs))
        seed_all([job.check for job in jobs], options.seed)
        interrupted, stopped = True, False
        try:
            with scratch_folder() as scratch:
                scheduler = Scheduler(
                    options.parallel,
                    Timeouts.scaled(options.timeout_scale, options.effort),
                    (),
                    scratch=scratch,
                )
                for job in jobs:
                    scheduler.add(job)
                stopped = self._gather(scheduler)
                interrupted = False
        except KeyboardInterrupt:
            pass
        finally:
            for session in sessions:
                session.end(interrupted=interrupted and not session.finished, stopped=stopped)

    def _gather(self, scheduler: Scheduler) -> bool:
        """Give each result to its session. Gives whether ``maxfail`` was reached."""
        owners = {id(session.found.subject): session for session in self._sessions}

        def tick() -> None:
            self._progress.tick([self._name(owners, job) for job in scheduler.running])

        left = len(self._sessions)
        limit = self._sessions[0].options.maxfail
        with closing(scheduler.run(tick)) as results:
            for job, result in results:
                session = owners[id(job.subject)]
                session.take(job, result)
                self._progress.result(result)
                if session.finished:
                    left -= 1
                    self._progress.finished(session.options.target, session.failed, left)
                if limit and sum(each.failed for each in self._sessions) >= limit:
                    return True
        for session in self._sessions:
            session.tell(
                Finding("left-behind", f"{note} (one of the {len(owners)} libraries left it)")
                for note in scheduler.notes
            )
        return False

    @staticmethod
    def _name(owners: dict[int, Session], job: Job) -> str:
        return f"{owners[id(job.subject)].options.target} {job.check.id}"
