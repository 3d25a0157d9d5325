# SPDX-License-Identifier: Apache-2.0
"""The report as Markdown, short enough for the summary page of a CI job."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ffi_cts.report.exchange import matrix, table
from ffi_cts.report.words import (
    debug_command,
    deviations,
    first_line,
    observation,
    shortened,
    verdict_sentence,
    visible,
    with_status,
)
from ffi_cts.results import CheckResult, Report, Status

_MAX_ROWS = 100
_MAX_DETAILS = 30
# What a code span shows as it is, even inside a table.
_PLAIN_CODE = re.compile(r"[\w./:\[\]=,()<>*+@ -]+", re.ASCII)
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def render(report: Report) -> str:
    """Give the Markdown text: verdict, counts, a table of deviations with foldable details."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    implementation = report.implementation
    yield f"## ffi-cts: {code(implementation.id)}"
    yield ""
    reasons = verdict_sentence(report).removeprefix(report.verdict.value)
    yield f"**{report.verdict.value}**{plain(reasons)}"
    yield ""
    counts = [
        f"{number} {name.replace('_', ' ')}" for name, number in report.summary.items() if number
    ]
    yield f"{len(report.checks)} checks: {plain(', '.join(counts) or 'none')}"
    yield ""
    yield (
        f"Library {code(implementation.sha256[:16])}, says it is "
        f"{code(implementation.reported_version)}; suite {code(report.suite.version)}, "
        f"{code(report.run.effort)} effort, seed {report.run.seed}, {report.run.seconds:.1f} s"
    )
    yield from _matrix(report)
    failing = [*deviations(report), *with_status(report, Status.LOST, Status.ERROR)]
    yield from _table("Deviations", failing)
    yield from _details(failing)
    yield from _table("Warnings", with_status(report, Status.WARN))
    yield from _table("Waived", with_status(report, Status.WAIVED))
    yield from _notes(report)
    if report.findings:
        yield from ("", "### Findings", "")
        for finding in report.findings:
            yield f"- {code(finding.id)}: {plain(first_line(finding.message, 400))}"


def _matrix(report: Report) -> Iterator[str]:
    """Who can hand a tensor to whom, where the report is about that."""
    rows = matrix(report)
    if not rows:
        return
    heading, *lines = table(rows)
    yield from ("", "### Producers and consumers", "")
    yield f"| {' | '.join(map(plain, heading))} |"
    yield f"|{'---|' * len(heading)}"
    for line in lines:
        yield f"| {' | '.join(map(plain, line))} |"
    if any(cell.clauses for row in rows for cell in row):
        yield ""
    for cell in (cell for row in rows for cell in row if cell.clauses):
        where = f"{cell.producer} to {cell.consumer}"
        yield f"- {plain(where)}: {plain(cell.word)}: {plain(', '.join(cell.clauses))}"


def _table(title: str, checks: list[CheckResult]) -> Iterator[str]:
    if not checks:
        return
    yield from ("", f"### {title}", "")
    yield "| outcome | check | clauses | level | in call | observation |"
    yield "|---|---|---|---|---|---|"
    for check in checks[:_MAX_ROWS]:
        cells = (
            check.raw_outcome,
            code(check.id),
            plain(", ".join(check.clauses)),
            check.level.value,
            code(first_line(check.in_call, 100)),
            plain(first_line(check.waiver or observation(check))),
        )
        yield f"| {' | '.join(cells)} |"
    if len(checks) > _MAX_ROWS:
        yield from ("", f"and {len(checks) - _MAX_ROWS} more")


def _details(checks: list[CheckResult]) -> Iterator[str]:
    for check in checks[:_MAX_DETAILS]:
        fields = (
            ("message", check.message),
            ("fault", check.fault),
            ("in call", check.in_call),
            ("example", check.example),
            ("calls", "\n".join(check.calls[-10:])),
            ("stack", "\n".join(check.stack)),
            ("output", "\n".join(check.output.splitlines()[-10:])),
            ("reproduce", check.reproduce),
            ("debug", debug_command(check)),
        )
        text = "\n".join(f"{name}: {shortened(value)}" for name, value in fields if value)
        yield ""
        yield f"<details><summary>{_entities(check.id)}</summary>"
        yield ""
        # Nothing in here is Markdown until the closing tag, which the text can't contain.
        yield f"<pre>{html.escape(visible(text))}</pre>"
        yield ""
        yield "</details>"


def _notes(report: Report) -> Iterator[str]:
    stale = report.expectations
    groups = (
        ("passes now", stale.unexpected_passes),
        ("matches nothing", stale.unmatched),
        ("expired", stale.expired),
        ("is there twice", stale.duplicates),
    )
    if not stale.stale:
        return
    yield from ("", "### Expectation entries to edit", "")
    for what, notes in groups:
        for note in notes:
            yield f"- {what}: {code(note.check)} {plain(first_line(note.detail or note.reason))}"


def code(text: str) -> str:
    """Show foreign text as code, in a heading or a table too."""
    text = _one_line(text)
    if not text:
        return ""
    if _PLAIN_CODE.fullmatch(text):
        return f"`{text}`"
    return f"<code>{_entities(text)}</code>"


def plain(text: str) -> str:
    """Show foreign text as it is: no Markdown, no HTML, no new cell."""
    return _entities(_one_line(text), keep=" ,;()'/-")


def _entities(text: str, keep: str = "") -> str:
    # A character reference never counts as markup, in Markdown as in HTML.
    return _PUNCTUATION.sub(
        lambda match: match.group() if match.group() in keep else f"&#{ord(match.group())};",
        _one_line(text),
    )


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())
