# SPDX-License-Identifier: Apache-2.0
"""The report as annotations of a GitHub job: lines that its runner reads from the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ffi_cts.report.triage import grouped, in_order
from ffi_cts.report.words import (
    deviations,
    observation,
    shortened,
    verdict_sentence,
    visible,
    with_status,
)
from ffi_cts.results import EXIT_OK, CheckResult, Report, Status

_LINES = 10


def render(report: Report) -> str:
    """Give the lines: one for each group of deviations or warnings, the most basic first.

    GitHub shows ten errors and ten warnings of a step, so what belongs together is told once.
    """
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    told = False
    for group in grouped(deviations(report)):
        told = True
        yield _of_check("error", group.first, group.others)
    for check in in_order(with_status(report, Status.LOST, Status.ERROR)):
        told = True
        yield _of_check("error", check, (), "the suite's own fault: ")
    for note in report.expectations.to_edit:
        told = told or report.fails_by_strict
        level = "error" if report.fails_by_strict else "warning"
        yield _line(level, f"expectation of {note.check}", note.detail or note.reason)
    if not told and report.exit_code() != EXIT_OK:
        yield _line("error", "ffi-cts", verdict_sentence(report))
    for group in grouped(with_status(report, Status.WARN)):
        yield _of_check("warning", group.first, group.others)


def _of_check(level: str, check: CheckResult, others: Sequence[CheckResult], note: str = "") -> str:
    seen = observation(check).strip() or check.raw_outcome
    text = f"{note}{shortened(seen, _LINES, 1000)}"
    if check.fault:
        text += f"\nfault {shortened(check.fault, 1, 300)}"
    if check.in_call:
        text += f"\nin call {shortened(check.in_call, 1, 300)}"
    if others:
        text += f"\nand {len(others)} more alike: {', '.join(each.id for each in others[:_LINES])}"
        text += " ..." if len(others) > _LINES else ""
    if check.reproduce:
        text += f"\nreproduce: {check.reproduce}"
    return _line(level, f"{', '.join(check.clauses)} {check.raw_outcome} in {check.id}", text)


def _line(level: str, title: str, text: str) -> str:
    """One annotation. Foreign text can neither end it nor begin another."""
    head = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={head}::{_escaped(text or title)}"


def _escaped(text: str) -> str:
    shown = visible(text).replace("%", "%25")
    return shown.replace("\r", "%0D").replace("\n", "%0A")
