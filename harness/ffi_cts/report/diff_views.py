# SPDX-License-Identifier: Apache-2.0
"""A comparison of two runs for people and for programs: terminal, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from ffi_cts.report.diff import Change, Diff, Difference
from ffi_cts.report.documents import to_text
from ffi_cts.report.markdown import code, plain
from ffi_cts.report.words import count, first_line, observation, visible
from ffi_cts.results import CheckResult, Report

SCHEMA_VERSION = 1
_STYLES = {
    Change.BROKEN: "bold red",
    Change.FIXED: "green",
    Change.CHANGED: "yellow",
    Change.UNKNOWN: "bold magenta",
    Change.NEW: "cyan",
    Change.GONE: "cyan",
}
_SHORT = {Change.NEW, Change.GONE}
"""Kinds of which there are many after an upgrade of the suite: told by their number."""
_MAX_ROWS = 100


def sentence(diff: Diff) -> str:
    """Say in one line what changed."""
    parts = [f"{len(found)} {change.value}" for change in Change if (found := diff.of(change))]
    gating = sum(each.gates for each in diff.differences)
    told = f" ({count(gating, 'MUST check')} newly broken)" if gating else ""
    return (", ".join(parts) or "nothing changed") + told


def render(diff: Diff, console: Console, *, every: bool = False) -> None:
    """Print the comparison; ``every`` lists new and gone checks too."""
    for side, report in (("old", diff.old), ("new", diff.new)):
        _line(console, (f"{side}  ", "dim"), (_subject(report), "bold"))
    for remark in diff.remarks:
        _line(console, (f"note: {remark}", "yellow"))
    for change in Change:
        found = diff.of(change)
        if not found:
            continue
        _line(console, ("", ""))
        _line(console, (f"{change.value} ({len(found)})", _STYLES[change]))
        if change in _SHORT and not every:
            topics = dict.fromkeys(each.id.partition("/")[0] for each in found)
            _line(console, (f"  in {', '.join(topics)}; -v lists them", "dim"))
            continue
        for each in found:
            _line(
                console,
                (f"  {_way(each):<24} ", _STYLES[change]),
                (each.id, ""),
                (f"  [{each.level.value}] {', '.join(each.clauses)}", "dim"),
            )
            told = _told(each)
            if told:
                _line(console, (f"    {told}", "dim"))
    _line(console, ("", ""))
    _line(console, (sentence(diff), "bold"))


def _line(console: Console, *parts: tuple[str, str]) -> None:
    line = Text(end="")
    for text, style in parts:
        line.append(visible(text).replace("\n", " "), style=style or None)
    console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)


def markdown(diff: Diff) -> str:
    """The comparison as Markdown, for the summary page of a CI job."""
    return "\n".join(_markdown(diff)) + "\n"


def _markdown(diff: Diff) -> Iterator[str]:
    yield f"## ffi-cts: {code(diff.old.implementation.id)} to {code(diff.new.implementation.id)}"
    yield from ("", f"**{plain(sentence(diff))}**", "")
    for remark in diff.remarks:
        yield f"- {plain(remark)}"
    for change in Change:
        found = diff.of(change)
        if not found:
            continue
        yield from ("", f"### {change.value} ({len(found)})", "")
        yield from ("| from, to | check | clauses | level | observation |", "|---|---|---|---|---|")
        for each in found[:_MAX_ROWS]:
            cells = (
                plain(_way(each)),
                code(each.id),
                plain(", ".join(each.clauses)),
                each.level.value,
                plain(_told(each)),
            )
            yield f"| {' | '.join(cells)} |"
        if len(found) > _MAX_ROWS:
            yield from ("", f"and {len(found) - _MAX_ROWS} more")


def to_json(diff: Diff, *, gate: bool) -> str:
    """The comparison as a JSON document."""
    return to_text(
        {
            "schema": SCHEMA_VERSION,
            "old": _identity(diff.old),
            "new": _identity(diff.new),
            "remarks": list(diff.remarks),
            "summary": {change.value: len(diff.of(change)) for change in Change},
            "exit_code": diff.exit_code(gate=gate),
            "differences": [
                {
                    "id": each.id,
                    "change": each.change.value,
                    "clauses": list(each.clauses),
                    "level": each.level.value,
                    "gates": each.gates,
                    "old": _outcome(each.old),
                    "new": _outcome(each.new),
                    "observation": _told(each),
                    "reproduce": each.new.reproduce if each.new else "",
                }
                for each in diff.differences
            ],
        }
    )


def _identity(report: Report) -> Mapping[str, object]:
    return {
        "suite": report.suite,
        "implementation": {
            "id": report.implementation.id,
            "sha256": report.implementation.sha256,
        },
        "verdict": report.verdict.value,
    }


def _subject(report: Report) -> str:
    implementation = report.implementation
    return (
        f"{implementation.id} {implementation.sha256[:16]}, {report.verdict.value}, "
        f"suite {report.suite.version}"
    )


def _outcome(result: CheckResult | None) -> str:
    return "" if result is None else result.raw_outcome


def _way(each: Difference) -> str:
    return f"{_outcome(each.old) or 'absent'} -> {_outcome(each.new) or 'absent'}"


def _told(each: Difference) -> str:
    """The observation that says most: the new one, or the old one of what is fixed."""
    for result in (each.new, each.old):
        if result is not None and result.message:
            return first_line(observation(result), 300)
    return ""
