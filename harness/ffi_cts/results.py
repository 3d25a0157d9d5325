# SPDX-License-Identifier: Apache-2.0
"""What a run yields: results of checks, and the report that draws the verdict from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import field, frozen

from ffi_cts.machine import Machine

EXIT_OK = 0
EXIT_NONCONFORMANT = 1
EXIT_USAGE = 2
EXIT_HARNESS = 3
EXIT_NOTHING_RAN = 4


class Status(str, Enum):
    """How a check ended, after levels and expectations have been taken into account."""

    PASS = "pass"
    FAIL = "fail"
    CRASH = "crash"
    TIMEOUT = "timeout"
    WARN = "warn"
    UNSUPPORTED = "unsupported"
    WAIVED = "waived"
    UNEXPECTED_PASS = "unexpected_pass"
    LOST = "lost"
    ERROR = "error"


class Level(str, Enum):
    """How binding a clause is."""

    MUST = "must"
    SHOULD = "should"
    ADVISORY = "advisory"


class Verdict(str, Enum):
    """What the run says about the implementation."""

    CONFORMANT = "conformant"
    NONCONFORMANT = "nonconformant"
    INCOMPLETE = "incomplete"


DEVIATIONS = frozenset({Status.FAIL, Status.CRASH, Status.TIMEOUT})
"""Raw outcomes that show a clause does not hold."""

UNDECIDED = frozenset({Status.LOST, Status.ERROR})
"""The suite failed to find out; nothing is known about the implementation."""

RAN = DEVIATIONS | {Status.PASS, Status.WAIVED, Status.UNEXPECTED_PASS}
"""A check of level MUST that has one of these was really carried out."""


def status_for(outcome: Status, level: Level) -> Status:
    """Give the status of a raw outcome: below MUST, a deviation is only a warning."""
    if outcome in DEVIATIONS and level is not Level.MUST:
        return Status.WARN
    return outcome


@frozen(kw_only=True)
class CheckResult:
    """The result of one check on one implementation.

    `outcome` is the raw outcome (fail, crash or timeout) where `status` says warn or waived.
    `example` holds the shrunk arguments, `calls` the ABI calls of that example in order,
    `output` the end of what the check printed, `waiver` the reason of the expectation. Of a
    death, `fault` says what was touched or raised, and `stack` where, the innermost frame first.
    `producer` and `consumer` are the libraries between which a tensor went, if one did.
    """

    id: str
    clauses: tuple[str, ...]
    level: Level
    profile: str
    status: Status
    outcome: str = ""
    message: str = ""
    in_call: str = ""
    example: str = ""
    calls: tuple[str, ...] = ()
    fault: str = ""
    stack: tuple[str, ...] = ()
    output: str = ""
    reproduce: str = ""
    seconds: float = 0.0
    waiver: str = ""
    producer: str = ""
    consumer: str = ""

    @property
    def raw_outcome(self) -> str:
        """The outcome before levels and expectations, as a status value."""
        return self.outcome or self.status.value

    @property
    def gates(self) -> bool:
        """Whether this result alone makes the implementation nonconformant."""
        return self.level is Level.MUST and self.status in DEVIATIONS


@frozen
class Finding:
    """Something worth telling that is no check, such as a replaced signal handler."""

    id: str
    message: str


@frozen(kw_only=True)
class Suite:
    """Which suite judged."""

    version: str
    spec_sha256: str


@frozen(kw_only=True)
class Implementation:
    """Which library was judged; `reported_version` is its own claim, `features` are measured."""

    id: str
    path: str
    sha256: str
    reported_version: str = ""
    features: tuple[str, ...] = ()


@frozen(kw_only=True)
class CompanionFacts:
    """A second library that checks used beside the implementation; `role` says what for."""

    role: str
    id: str
    sha256: str


@frozen(kw_only=True)
class Run:
    """How the suite was run; `started` is an ISO 8601 time.

    `only` and `profiles` are what the user asked for; `partial` says whether that leaves checks
    out. With `strict`, an expectation file that should be edited fails the run. `stopped` says
    that the rest was left out after as many deviations as were asked for.
    """

    effort: str
    seed: int
    only: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    partial: bool = False
    strict: bool = False
    stopped: bool = False
    seconds: float = 0.0
    jobs: int = 1
    interrupted: bool = False
    started: str = ""


@frozen(kw_only=True)
class ExpectationNote:
    """One expectation entry and what became of it.

    `check` is the id or glob as written in the file, or the id of the check concerned.
    """

    check: str
    outcome: str = ""
    reason: str = ""
    detail: str = ""


@frozen(kw_only=True)
class ExpectationSummary:
    """What became of the expectation entries that apply to this implementation.

    `unmatched` entries name no existing check, or another outcome than the one seen;
    `unexpected_passes` no longer fail; `expired` ones are past their until-date; `duplicates` say
    what an entry before them says.
    """

    applied: tuple[ExpectationNote, ...] = ()
    unmatched: tuple[ExpectationNote, ...] = ()
    unexpected_passes: tuple[ExpectationNote, ...] = ()
    expired: tuple[ExpectationNote, ...] = ()
    duplicates: tuple[ExpectationNote, ...] = ()

    @property
    def to_edit(self) -> tuple[ExpectationNote, ...]:
        """What asks for an edit of the expectation file."""
        return (*self.unexpected_passes, *self.unmatched, *self.expired, *self.duplicates)

    @property
    def stale(self) -> bool:
        """Whether the expectation file should be edited."""
        return bool(self.to_edit)


@frozen(kw_only=True)
class PartEntry:
    """An expectation entry that applies, as a part keeps it for the time when it is merged."""

    check: str
    outcome: str
    reason: str
    link: str = ""
    until: str = ""
    place: str = ""


@frozen(kw_only=True)
class Part:
    """Which share of a selection of checks a report is about.

    `numbers` are the parts that it holds, of `of`. `selection` identifies the ids of all checks
    selected, and `positions` are the places of its own among them. `entries` are the expectations,
    as of `day`. `merged` says that parts were put together, and that others are missing.
    """

    numbers: tuple[int, ...]
    of: int
    selection: str
    positions: tuple[int, ...]
    day: str = ""
    entries: tuple[PartEntry, ...] = ()
    merged: bool = False

    @property
    def missing(self) -> tuple[int, ...]:
        """The parts that it does not hold."""
        return tuple(number for number in range(1, self.of + 1) if number not in self.numbers)


@frozen(kw_only=True)
class Report:
    """Everything a run found out. Every rendering is derived from this and nothing else.

    `kind` is the kind of subject, `base_profile` the one without which nothing of that kind can
    be conformant, `machine` where the run took place, None if an older suite wrote the report or
    parts come from several. `part` is None for the whole of what was selected.
    """

    suite: Suite
    implementation: Implementation
    run: Run
    kind: str = "runtime"
    base_profile: str = "core"
    companions: tuple[CompanionFacts, ...] = ()
    machine: Machine | None = None
    checks: tuple[CheckResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    expectations: ExpectationSummary = field(factory=ExpectationSummary)
    part: Part | None = None

    @property
    def summary(self) -> Mapping[str, int]:
        """Count of checks by status value; every status is present."""
        counts = dict.fromkeys((status.value for status in Status), 0)
        for check in self.checks:
            counts[check.status.value] += 1
        return counts

    @property
    def anything_ran(self) -> bool:
        """Whether enough was carried out for a verdict.

        Of the whole suite, at least one MUST check of the base profile; of a selection, at
        least one of the checks selected.
        """
        if self.run.partial:
            return any(check.status in RAN | {Status.WARN} for check in self.checks)
        return any(
            check.profile == self.base_profile and check.level is Level.MUST and check.status in RAN
            for check in self.checks
        )

    @property
    def undecided(self) -> bool:
        """Whether some planned check has no usable result.

        A part answers for itself alone; put together, parts answer for those that are missing.
        """
        lacks_parts = self.part is not None and self.part.merged
        return (
            lacks_parts
            or self.run.interrupted
            or any(check.status in UNDECIDED for check in self.checks)
        )

    @property
    def verdict(self) -> Verdict:
        """Nonconformant on any known MUST deviation; else incomplete where knowledge lacks."""
        if any(check.gates for check in self.checks):
            return Verdict.NONCONFORMANT
        if self.undecided or not self.anything_ran:
            return Verdict.INCOMPLETE
        return Verdict.CONFORMANT

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each profile of which a check was planned, in the order of the checks."""
        profiles = dict.fromkeys(check.profile for check in self.checks)
        return {
            profile: _verdict_on([check for check in self.checks if check.profile == profile])
            for profile in profiles
        }

    @property
    def fails_by_strict(self) -> bool:
        """Whether nothing but `strict` fails the run: stale expectations."""
        return (
            self.run.strict
            and self.expectations.stale
            and not self.undecided
            and self.verdict is not Verdict.NONCONFORMANT
        )

    def exit_code(self) -> int:
        """Give the exit code of the run: 3 before 1 before 4 before 0."""
        if self.undecided:
            return EXIT_HARNESS
        if self.verdict is Verdict.NONCONFORMANT or self.fails_by_strict:
            return EXIT_NONCONFORMANT
        if not self.anything_ran:
            return EXIT_NOTHING_RAN
        return EXIT_OK


EXIT_ORDER = (EXIT_HARNESS, EXIT_NONCONFORMANT, EXIT_NOTHING_RAN, EXIT_OK)
"""What several reports exit with together: the first of these that one of them has."""


def worst_exit_code(reports: Sequence[Report]) -> int:
    """Give the exit code of several reports."""
    codes = {report.exit_code() for report in reports}
    return next(code for code in EXIT_ORDER if code in codes)


def _verdict_on(checks: Sequence[CheckResult]) -> Verdict:
    if any(check.gates for check in checks):
        return Verdict.NONCONFORMANT
    statuses = {check.status for check in checks}
    if statuses & UNDECIDED or not statuses & (RAN | {Status.WARN}):
        return Verdict.INCOMPLETE
    return Verdict.CONFORMANT
