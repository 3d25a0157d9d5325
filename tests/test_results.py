# SPDX-License-Identifier: Apache-2.0
"""Statuses, verdicts and exit codes."""

from __future__ import annotations

import pickle

import pytest

from ffi_cts.errors import FfiCtsError, HarnessError, UsageError
from ffi_cts.results import (
    CheckResult,
    ExpectationNote,
    ExpectationSummary,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
    Verdict,
    status_for,
)


def check(
    status: Status = Status.PASS, level: Level = Level.MUST, profile: str = "core", id: str = "a"
) -> CheckResult:
    return CheckResult(id=id, clauses=("A-1",), level=level, profile=profile, status=status)


def report(
    *checks: CheckResult,
    interrupted: bool = False,
    strict: bool = False,
    partial: bool = False,
    expectations: ExpectationSummary | None = None,
) -> Report:
    return Report(
        suite=Suite(version="1", spec_sha256=""),
        implementation=Implementation(id="x", path="/x.so", sha256="0" * 64),
        run=Run(effort="quick", seed=0, interrupted=interrupted, strict=strict, partial=partial),
        checks=checks,
        expectations=expectations or ExpectationSummary(),
    )


@pytest.mark.parametrize("outcome", [Status.FAIL, Status.CRASH, Status.TIMEOUT])
def test_a_deviation_below_must_is_a_warning(outcome: Status) -> None:
    assert status_for(outcome, Level.MUST) is outcome
    assert status_for(outcome, Level.SHOULD) is Status.WARN
    assert status_for(outcome, Level.ADVISORY) is Status.WARN


def test_other_outcomes_do_not_depend_on_the_level() -> None:
    for outcome in (Status.PASS, Status.UNSUPPORTED, Status.LOST, Status.ERROR):
        assert status_for(outcome, Level.ADVISORY) is outcome


P, F, W = check(), check(Status.FAIL), check(Status.WARN, Level.SHOULD)
LOST, ERROR, WAIVED = check(Status.LOST), check(Status.ERROR), check(Status.WAIVED)


@pytest.mark.parametrize(
    ("checks", "interrupted", "verdict", "code"),
    [
        ((P,), False, Verdict.CONFORMANT, 0),
        ((P, W), False, Verdict.CONFORMANT, 0),
        ((WAIVED,), False, Verdict.CONFORMANT, 0),
        ((P, F), False, Verdict.NONCONFORMANT, 1),
        ((P, check(Status.CRASH)), False, Verdict.NONCONFORMANT, 1),
        ((P, check(Status.TIMEOUT)), False, Verdict.NONCONFORMANT, 1),
        ((P, LOST), False, Verdict.INCOMPLETE, 3),
        ((P, ERROR), False, Verdict.INCOMPLETE, 3),
        ((P, F, LOST), False, Verdict.NONCONFORMANT, 3),
        ((P,), True, Verdict.INCOMPLETE, 3),
        ((P, F), True, Verdict.NONCONFORMANT, 3),
        ((), False, Verdict.INCOMPLETE, 4),
        ((check(Status.UNSUPPORTED),), False, Verdict.INCOMPLETE, 4),
        ((check(level=Level.SHOULD),), False, Verdict.INCOMPLETE, 4),
        ((check(profile="dlpack"),), False, Verdict.INCOMPLETE, 4),
        ((check(Status.FAIL, profile="dlpack"),), False, Verdict.NONCONFORMANT, 1),
    ],
)
def test_verdict_and_exit_code(
    checks: tuple[CheckResult, ...], interrupted: bool, verdict: Verdict, code: int
) -> None:
    result = report(*checks, interrupted=interrupted)
    assert result.verdict is verdict
    assert result.exit_code() == code
    assert report(*checks, interrupted=interrupted, strict=True).exit_code() == code


@pytest.mark.parametrize(
    ("checks", "verdict", "code"),
    [
        ((check(profile="dlpack"),), Verdict.CONFORMANT, 0),
        ((check(level=Level.SHOULD),), Verdict.CONFORMANT, 0),
        ((W,), Verdict.CONFORMANT, 0),
        ((check(Status.UNSUPPORTED, profile="dlpack"),), Verdict.INCOMPLETE, 4),
        ((), Verdict.INCOMPLETE, 4),
        ((check(Status.FAIL, profile="dlpack"),), Verdict.NONCONFORMANT, 1),
    ],
)
def test_a_selection_is_judged_by_what_ran_of_it(
    checks: tuple[CheckResult, ...], verdict: Verdict, code: int
) -> None:
    result = report(*checks, partial=True)
    assert (result.verdict, result.exit_code()) == (verdict, code)


def test_each_profile_has_a_verdict() -> None:
    result = report(
        P, check(Status.FAIL, profile="dlpack"), check(Status.UNSUPPORTED, profile="env")
    )
    assert result.verdicts == {
        "core": Verdict.CONFORMANT,
        "dlpack": Verdict.NONCONFORMANT,
        "env": Verdict.INCOMPLETE,
    }


def test_summary_counts_every_status() -> None:
    counts = report(P, P, F).summary
    assert set(counts) == {status.value for status in Status}
    assert (counts["pass"], counts["fail"], counts["crash"]) == (2, 1, 0)


@pytest.mark.parametrize("group", ["unmatched", "unexpected_passes", "expired"])
def test_strict_wants_an_up_to_date_expectation_file(group: str) -> None:
    summary = ExpectationSummary(**{group: (ExpectationNote(check="a"),)})
    result = report(P, expectations=summary)
    assert (result.verdict, result.exit_code(), result.fails_by_strict) == (
        Verdict.CONFORMANT,
        0,
        False,
    )
    result = report(P, expectations=summary, strict=True)
    assert (result.verdict, result.exit_code(), result.fails_by_strict) == (
        Verdict.CONFORMANT,
        1,
        True,
    )


def test_errors_are_one_paragraph_with_an_exit_code() -> None:
    error = UsageError("No file a.so.\nIt is gone.", "Give another.")
    assert str(error) == "No file a.so. It is gone. Give another."
    assert (error.exit_code, HarnessError("x").exit_code) == (2, 3)
    assert isinstance(error, FfiCtsError)


def test_errors_survive_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UsageError("what", "hint")))
    assert (error.message, error.hint) == ("what", "hint")
