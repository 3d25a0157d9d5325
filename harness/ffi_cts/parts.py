# SPDX-License-Identifier: Apache-2.0
"""Puts the reports of the parts of a run together: what is missing is told, never left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain

import attrs

from ffi_cts.errors import UsageError
from ffi_cts.expectations import NO_SUCH_CHECK, Expectation, Expectations, apply
from ffi_cts.results import CheckResult, Part, Report, Status, status_for

_HINT = "Give the reports of one run with --shard 1/N up to N/N, each of them once."


def merge(reports: Sequence[Report], names: Sequence[str]) -> Report:
    """Make one report of the parts of a run, as the whole run would have written it.

    Where parts are missing, the report says so, and is incomplete. ``names`` are what messages
    call the reports.

    Raises:
        UsageError: they are no parts of the same run, or one is there twice.
    """
    parts = _parts(reports, names)
    order = sorted(range(len(reports)), key=lambda at: parts[at].numbers)
    reports, parts = [reports[at] for at in order], [parts[at] for at in order]
    first, base = reports[0], parts[0]
    numbers = tuple(sorted(chain.from_iterable(part.numbers for part in parts)))
    placed = sorted(
        (
            (position, check)
            for report, part in zip(reports, parts, strict=True)
            for position, check in zip(part.positions, report.checks, strict=False)
        ),
        key=lambda pair: pair[0],
    )
    part = attrs.evolve(
        base, numbers=numbers, positions=tuple(position for position, _ in placed), merged=True
    )
    whole = not part.missing
    machines = {report.machine for report in reports}
    stopped = any(report.run.stopped for report in reports)
    merged = attrs.evolve(
        first,
        machine=first.machine if len(machines) == 1 else None,
        run=attrs.evolve(
            first.run,
            partial=bool(first.run.only or first.run.profiles) or stopped or not whole,
            stopped=stopped,
            interrupted=any(report.run.interrupted for report in reports),
            seconds=round(sum(report.run.seconds for report in reports), 3),
            started=min(report.run.started for report in reports),
        ),
        checks=tuple(check for _, check in placed),
        findings=tuple(dict.fromkeys(f for report in reports for f in report.findings)),
        part=None if whole else part,
    )
    return _expected(merged, reports, base, whole=whole)


def _parts(reports: Sequence[Report], names: Sequence[str]) -> list[Part]:
    """The part that each report is. Raises UsageError unless they fit together."""
    found: list[Part] = []
    for report, name in zip(reports, names, strict=True):
        if report.part is None:
            raise UsageError(
                f"{name} is the report of a whole run on {report.implementation.id}, not of a part "
                "of it.",
                "To compare two runs, use `ffi-cts diff`.",
            )
        found.append(report.part)
    for report, name in zip(reports[1:], names[1:], strict=True):
        for what, one, other in _told(reports[0], report):
            if one != other:
                raise UsageError(
                    f"{names[0]} and {name} are parts of different runs: {what} {one} in the "
                    f"first, {other} in the second.",
                    _HINT,
                )
    where: dict[int, str] = {}
    for part, name in zip(found, names, strict=True):
        for number in part.numbers:
            if number in where:
                raise UsageError(
                    f"Part {number} of {part.of} is there twice: in {where[number]} and in {name}.",
                    _HINT,
                )
            where[number] = name
    return found


def _told(one: Report, other: Report) -> Iterator[tuple[str, str, str]]:
    """What has to be the same in two parts, in words, with what it is in each."""
    facts: tuple[tuple[str, Callable[[Report], str]], ...] = (
        ("the library is", _library),
        ("the suite is", lambda report: f"{report.suite.version} {report.suite.spec_sha256[:8]}"),
        ("the effort is", lambda report: report.run.effort),
        ("the seed is", lambda report: str(report.run.seed)),
        ("--only is", lambda report: " ".join(report.run.only) or "not given"),
        ("--profile is", lambda report: ",".join(report.run.profiles) or "not given"),
        ("--strict is", lambda report: "given" if report.run.strict else "not given"),
        ("the number of parts is", lambda report: str(report.part and report.part.of)),
        ("the selection is", lambda report: report.part.selection[:16] if report.part else ""),
        ("the second library is", _companions),
        ("expectations are", _entries),
    )
    for what, of in facts:
        yield what, of(one), of(other)


def _library(report: Report) -> str:
    return f"{report.implementation.id} {report.implementation.sha256[:16]}"


def _companions(report: Report) -> str:
    return ", ".join(f"{each.id} {each.sha256[:16]}" for each in report.companions) or "none"


def _entries(report: Report) -> str:
    entries = report.part.entries if report.part else ()
    digest = hashlib.sha256(repr(entries).encode("utf-8", "backslashreplace")).hexdigest()
    return f"{len(entries)} entries ({digest[:8]})" if entries else "none"


def _expected(merged: Report, reports: Sequence[Report], base: Part, *, whole: bool) -> Report:
    """Hold all results against the expectations: a glob may cover checks of several parts."""
    try:
        entries = tuple(Expectation.of_part(entry) for entry in base.entries)
        day = date.fromisoformat(base.day) if base.day else date.today()
    except ValueError as error:
        raise UsageError(f"A part is broken: {error}.", "Run it again.") from error
    strange = {
        note.check
        for report in reports
        for note in report.expectations.unmatched
        if note.detail == NO_SUCH_CHECK
    }
    # A part knows every check of the suite; here, that one fits is known from what it has said.
    known = {entry.check for entry in entries} - strange
    checks, summary = apply(
        [_raw(check) for check in merged.checks],
        Expectations(entries=entries),
        merged.implementation.id,
        day,
        known_checks=known,
        whole=whole,
    )
    return attrs.evolve(merged, checks=checks, expectations=summary)


def _raw(check: CheckResult) -> CheckResult:
    """A result as it was before expectations."""
    if check.status is Status.UNEXPECTED_PASS:
        return attrs.evolve(check, status=Status.PASS, outcome="", waiver="")
    if check.status is Status.WAIVED:
        outcome = Status(check.outcome)
        return attrs.evolve(check, status=status_for(outcome, check.level), waiver="")
    return check
