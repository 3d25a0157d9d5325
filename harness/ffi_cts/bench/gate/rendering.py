# SPDX-License-Identifier: Apache-2.0
"""A comparison for people and machines: terminal, Markdown, JSON and a plot."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import jinja2
from rich.table import Table
from rich.text import Text

from ffi_cts.bench.gate.model import Change, Comparison, Outcome, Reading
from ffi_cts.bench.table import number
from ffi_cts.report.documents import plain as plain_data
from ffi_cts.report.documents import to_text
from ffi_cts.report.markdown import plain
from ffi_cts.report.words import visible

_STYLES = {
    Outcome.SLOWER: "bold red",
    Outcome.FASTER: "green",
    Outcome.ACCEPTED: "cyan",
    Outcome.UNSTABLE: "yellow",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.BROKEN: "bold magenta",
}
_ORDER = tuple(v for v in Outcome if v is not Outcome.SAME)


def to_json(comparison: Comparison) -> str:
    """The whole comparison. It is pure ASCII."""
    data = {
        "schema": 1,
        "kind": "comparison",
        **plain_data(comparison),
        "summary": {verdict.value: len(comparison.having(verdict)) for verdict in Outcome},
    }
    return to_text(data)


def sentence(comparison: Comparison) -> str:
    """The answer in one line."""
    if not comparison.compared:
        return "no operation was measured on both sides"
    counts = [
        f"{len(found)} {verdict.value}"
        for verdict in _ORDER
        if (found := comparison.having(verdict))
    ]
    same = len(comparison.having(Outcome.SAME))
    return f"{comparison.compared} operations compared: {', '.join([*counts, f'{same} same'])}"


def shown(comparison: Comparison) -> list[Change]:
    """Everything but what stayed the same, the gravest first."""
    return [change for verdict in _ORDER for change in comparison.having(verdict)]


def reading(found: Reading | None) -> str:
    """Both values and the ratio of one meter."""
    if found is None:
        return "-"
    values = f"{number(found.base, found.meter)} → {number(found.candidate, found.meter)}"
    return f"{values} ({found.ratio:.2f}×)"


def remark(change: Change) -> str:
    """What has to be known besides the numbers."""
    parts = [change.note]
    for found in change.readings:
        if found.note:
            parts.append(f"{found.meter}: {found.note}")
        elif found.verdict is Outcome.INCONCLUSIVE:
            parts.append(f"{found.meter}: inconclusive")
    return "; ".join(part for part in parts if part)


def notes(comparison: Comparison) -> list[str]:
    """Sentences below the table."""
    found = []
    for side in (comparison.base, comparison.candidate):
        if side.core not in ("conformant", "not judged"):
            found.append(
                f"{side.id} was not measured: its core is {side.core}; `ffi-cts run` says why, "
                "--expect FILE waives what is known, --force measures all the same"
            )
    restless = [
        change
        for change in comparison.changes
        if change.time is not None and change.time.verdict is Outcome.INCONCLUSIVE
    ]
    if restless:
        found.append(
            f"the clock was too restless to answer for {len(restless)} operations: "
            f"{restless[0].time.note if restless[0].time else ''}"
        )
    for op in comparison.stale:
        found.append(f"the entry for {op} in the accepted file accepts nothing: remove it")
    if comparison.interrupted:
        found.append("interrupted: this is what was measured until then")
    return found


def terminal(comparison: Comparison, emit: Callable[[Table | Text], None]) -> None:
    """Print what changed."""
    emit(Text(visible(f"{comparison.base.id} → {comparison.candidate.id}"), style="bold"))
    changes = shown(comparison)
    if changes:
        table = Table()
        for name in ("verdict", "operation", "instructions", "ns", "note"):
            table.add_column(name, no_wrap=name != "note", justify="left")
        for change in changes:
            table.add_row(
                Text(change.verdict.value, style=_STYLES.get(change.verdict, "")),
                change.op,
                reading(change.instructions),
                reading(change.time),
                Text(visible(remark(change))),
            )
        emit(table)
    for note in notes(comparison):
        emit(Text(visible(note)))
    emit(Text(f"{sentence(comparison)}  ({comparison.seconds:.1f} s)", style="bold"))


def markdown(comparison: Comparison) -> str:
    """The same for a CI summary; what stayed the same is folded away."""
    title = f"{plain(comparison.base.id)} → {plain(comparison.candidate.id)}"
    parts = [f"# Call latency: {title}", "", f"**{sentence(comparison)}**", ""]
    changes = shown(comparison)
    if changes:
        parts += _rows(changes)
    parts += [f"- {plain(note)}" for note in notes(comparison)]
    same = comparison.having(Outcome.SAME)
    if same:
        parts += ["", f"<details><summary>{len(same)} the same</summary>", "", *_rows(same)]
        parts += ["</details>"]
    where = f"{plain(comparison.machine.cpu)}, ffi-cts {comparison.suite}"
    return "\n".join([*parts, "", where]) + "\n"


def _rows(changes: list[Change]) -> list[str]:
    rows = ["| verdict | operation | instructions | ns | note |", "|---|---|---:|---:|---|"]
    for change in changes:
        cells = (reading(change.instructions), reading(change.time), plain(remark(change)))
        rows.append(f"| {change.verdict.value} | {change.op} | {' | '.join(cells)} |")
    return [*rows, ""]


def plot(comparison: Comparison) -> str:
    """An SVG picture: the ratio of every operation on both meters, by size."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    changes = sorted(
        (change for change in comparison.changes if change.readings), key=lambda c: -c.ratio
    )
    environment.filters["log2"] = math.log2
    ratios = [found.ratio for change in changes for found in change.readings]
    return environment.get_template("comparison.svg.j2").render(
        comparison=comparison,
        title=visible(f"{comparison.base.id} → {comparison.candidate.id}"),
        sentence=sentence(comparison),
        changes=changes,
        widest=max([2.0, *ratios]),
        lowest=min([0.5, *(ratio for ratio in ratios if ratio > 0)]),
    )
