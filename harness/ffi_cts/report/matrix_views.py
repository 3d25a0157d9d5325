# SPDX-License-Identifier: Apache-2.0
"""Several targets beside each other, for people and for programs: terminal, Markdown, JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from ffi_cts.report.documents import to_text
from ffi_cts.report.markdown import code, plain
from ffi_cts.report.matrix import Cell, Column, Matrix, Row, State, What
from ffi_cts.report.words import count, verdict_sentence, visible
from ffi_cts.results import Report, Verdict, worst_exit_code

SCHEMA_VERSION = 1
KIND = "table"
_STYLES = {
    State.DEVIATES: "bold red",
    State.UNKNOWN: "bold magenta",
    State.HOLDS: "green",
    State.IMPOSSIBLE: "dim",
    State.ABSENT: "dim",
}
_VERDICT_STYLES = {
    Verdict.CONFORMANT: "bold green",
    Verdict.NONCONFORMANT: "bold red",
    Verdict.INCOMPLETE: "bold yellow",
}
_MARKS = {State.UNKNOWN: "?", State.HOLDS: ".", State.IMPOSSIBLE: "-", State.ABSENT: ""}
_LETTERS = {"crash": "C", "timeout": "T", "fail": "F"}
_LEGEND = (
    "F fails, C crashes, T hangs (F2: in two checks), . holds, - not possible, ? without a result"
)
_NARROWEST = 60
_OF_A_LOG = 120


def sentence(matrix: Matrix) -> str:
    """Say in one line how much differs."""
    return (
        f"{len(matrix.rows)} of {count(matrix.clauses, 'clause')} "
        f"differ{'s' * (len(matrix.rows) == 1)} among {count(len(matrix.labels), 'target')}"
    )


def verdict_line(label: str, report: Report) -> str:
    """Say of one target what was found."""
    return f"{label}: {verdict_sentence(report)}"


def render(
    matrix: Matrix, console: Console, *, width: int | None = None, every: bool = False
) -> None:
    """Print the verdict on each target, and the clauses that differ, ``width`` columns wide.

    It is the terminal's where it is None; a log has room.

    Clauses that deviate in none of the targets, and stand alike, share a line; ``every`` shows
    each of them.
    """
    for label, report in zip(matrix.labels, matrix.reports, strict=True):
        _line(console, (verdict_line(label, report), _VERDICT_STYLES[report.verdict]))
    for remark in matrix.remarks:
        _line(console, (f"note: {remark}", "yellow"))
    _line(console, ("", ""))
    if matrix.rows:
        if width is None:
            known = console.is_terminal or "COLUMNS" in os.environ
            width = console.width if known else _OF_A_LOG
        _table(matrix, console, max(width, _NARROWEST), every=every)
        _line(console, ("", ""))
        _line(console, (_LEGEND, "dim"))
    _line(console, (sentence(matrix), "bold"))


def _table(matrix: Matrix, console: Console, width: int, *, every: bool) -> None:
    columns = matrix.columns
    for number, column in enumerate(columns, 1):
        _line(console, (f"{number:>4}  ", "bold"), (name(matrix, column), ""))
    lines = [[row] for row in matrix.rows] if every else _lines(matrix)
    clause = max(len("clause"), *(len(_title(rows)) for rows in lines))
    cell = 1 + max(2, *(len(mark(_cell(row, c))) for row in matrix.rows for c in columns))
    head = clause + len("  advisory")
    most = max(1, (width - head) // cell)
    for start in range(0, len(columns), most):
        block = range(start, min(start + most, len(columns)))
        last = block[-1] == len(columns) - 1
        _line(console, ("", ""))
        titles = "".join(f"{number + 1:>{cell}}" for number in block)
        _line(console, (f"{'clause':<{clause}}  {'level':<8}{titles}", "bold"))
        for rows in lines:
            row = rows[0]
            parts = [(f"{_title(rows):<{clause}}", ""), (f"  {row.level.value:<8}", "dim")]
            for at in block:
                found = _cell(row, columns[at])
                parts.append((f"{mark(found):>{cell}}", _STYLES[found.state]))
            told = history(row) if last else ""
            fits = head + cell * len(block) + 2 + len(told) <= width
            _line(console, *parts, (f"  {told}" if told and fits else "", "dim"))
            if told and not fits:
                _line(console, (f"{'':<{head}} {told}", "dim"))
    if any(len(rows) > 1 for rows in lines):
        _line(console, ("", ""))
        _line(
            console,
            (
                "+2: so do two more clauses, which hold where they can be tried; -v shows each",
                "dim",
            ),
        )


def _lines(matrix: Matrix) -> list[list[Row]]:
    """Rows that share a line: those that deviate nowhere, and stand alike; they come last."""
    deviating: list[list[Row]] = []
    alike: dict[object, list[Row]] = {}
    for row in matrix.rows:
        states = tuple(cell.state for cell in row.cells)
        if State.DEVIATES in states:
            deviating.append([row])
        else:
            alike.setdefault((row.level, states), []).append(row)
    return [*deviating, *alike.values()]


def _title(rows: list[Row]) -> str:
    more = len(rows) - 1
    return f"{rows[0].clause} +{more}" if more else rows[0].clause


def _line(console: Console, *parts: tuple[str, str]) -> None:
    line = Text(end="")
    for text, style in parts:
        line.append(visible(text).replace("\n", " "), style=style or None)
    line.rstrip()
    console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)


def name(matrix: Matrix, column: Column) -> str:
    """What stands in a column: a range of releases, or the targets one after the other."""
    labels = [matrix.labels[position] for position in column.targets]
    if len(labels) == 1:
        return labels[0]
    if column.targets[0] in matrix.releases:
        return f"{labels[0]} to {labels[-1].partition('==')[2]} ({len(labels)} releases)"
    return ", ".join(labels)


def short(matrix: Matrix, column: Column) -> str:
    """The same in fewer words: releases by their versions."""
    labels = [matrix.labels[position] for position in column.targets]
    if column.targets[0] not in matrix.releases:
        return ", ".join(labels)
    versions = [label.partition("==")[2] for label in labels]
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def mark(cell: Cell) -> str:
    """A cell in a few characters; the legend says what they mean."""
    if cell.state is not State.DEVIATES:
        return _MARKS[cell.state]
    counts = cell.counts
    return "".join(
        letter + (str(counts[outcome]) if counts[outcome] > 1 else "")
        for outcome, letter in _LETTERS.items()
        if outcome in counts
    )


def history(row: Row) -> str:
    """In which releases the clause changed. What went was there before, which needs no word."""
    events = [event for event in row.events if event.what is not What.ALREADY] or row.events
    return ", ".join(f"{event.what.value} {event.release}" for event in events)


def _cell(row: Row, column: Column) -> Cell:
    return row.cells[column.targets[0]]


def markdown(matrix: Matrix) -> str:
    """The matrix as Markdown, for the summary page of a CI job."""
    return "\n".join(_markdown(matrix)) + "\n"


def _markdown(matrix: Matrix) -> Iterator[str]:
    yield f"## ffi-cts: {count(len(matrix.labels), 'target')}"
    yield from ("", "| target | verdict | |", "|---|---|---|")
    for label, report in zip(matrix.labels, matrix.reports, strict=True):
        because = verdict_sentence(report).removeprefix(report.verdict.value).removeprefix(": ")
        yield f"| {code(label)} | {report.verdict.value} | {plain(because)} |"
    yield from ("", f"**{plain(sentence(matrix))}**", "")
    for remark in matrix.remarks:
        yield f"- {plain(remark)}"
    if not matrix.rows:
        return
    titles = [code(short(matrix, column)) for column in matrix.columns]
    yield from ("", f"| {' | '.join(('clause', 'level', *titles, 'history'))} |")
    yield "|---" * (len(titles) + 3) + "|"
    for row in matrix.rows:
        cells = [mark(_cell(row, column)) for column in matrix.columns]
        texts = (plain(row.clause), row.level.value, *cells, plain(history(row)))
        yield f"| {' | '.join(texts)} |"
    yield from ("", _LEGEND)


def to_json(matrix: Matrix) -> str:
    """The matrix as a JSON document."""
    return to_text(
        {
            "schema": SCHEMA_VERSION,
            "kind": KIND,
            "exit_code": worst_exit_code(matrix.reports),
            "targets": [
                _target(label, report)
                for label, report in zip(matrix.labels, matrix.reports, strict=True)
            ],
            "releases": [matrix.labels[position] for position in matrix.releases],
            "remarks": list(matrix.remarks),
            "clauses": matrix.clauses,
            "columns": [
                [matrix.labels[position] for position in column.targets]
                for column in matrix.columns
            ],
            "rows": [
                {
                    "clause": row.clause,
                    "level": row.level.value,
                    "cells": [_outcome(cell) for cell in row.cells],
                    "events": [
                        {"what": event.what.value, "release": event.release} for event in row.events
                    ],
                }
                for row in matrix.rows
            ],
        }
    )


def _target(label: str, report: Report) -> Mapping[str, object]:
    return {
        "label": label,
        "suite": report.suite,
        "implementation": {
            "id": report.implementation.id,
            "sha256": report.implementation.sha256,
            "reported_version": report.implementation.reported_version,
        },
        "verdict": report.verdict.value,
        "exit_code": report.exit_code(),
        "summary": dict(report.summary),
    }


def _outcome(cell: Cell) -> Mapping[str, object]:
    return {"state": cell.state.value, "counts": cell.counts, "deviating": cell.deviating}
