# SPDX-License-Identifier: Apache-2.0
"""A benchmark as a table, for the terminal and for the summary of a CI job."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen
from rich.table import Table
from rich.text import Text

from ffi_cts.bench.model import INSTRUCTIONS, TIME, UNITS, Benchmark, Row
from ffi_cts.bench.stats import geometric_mean
from ffi_cts.report.markdown import plain
from ffi_cts.report.words import first_line, visible

_WIDE = 3
"""More targets than this don't fit on a screen: then the first and the last are shown."""


@frozen
class Line:
    """One operation on one meter: the text of each cell, and the ratio of last to first."""

    op: str
    layer: str
    cells: tuple[str, ...]
    ratio: str


def shown_targets(benchmark: Benchmark) -> list[str]:
    """Names of the targets that have columns."""
    with_numbers = {row.target for row in benchmark.results}
    ids = [target.id for target in benchmark.targets if target.id in with_numbers]
    return ids if len(ids) <= _WIDE else [ids[0], ids[-1]]


def number(value: float, meter: str) -> str:
    """A value with as many digits as mean something."""
    if meter == INSTRUCTIONS and value < 1e5:
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def lines(benchmark: Benchmark, meter: str) -> list[Line]:
    """The table of one meter: a line for each operation that was measured anywhere."""
    ids = shown_targets(benchmark)
    by_target = [benchmark.rows(meter, id) for id in ids]
    found = []
    for operation in benchmark.operations:
        rows = [rows.get(operation.name) for rows in by_target]
        if any(rows):
            found.append(
                Line(operation.name, operation.layer, tuple(map(_cell, rows)), _ratio(rows))
            )
    return found


def _cell(row: Row | None) -> str:
    return "-" if row is None else number(row.value, row.meter)


def _ratio(rows: list[Row | None]) -> str:
    first, last = rows[0], rows[-1]
    if len(rows) < 2 or first is None or last is None or last.value <= 0:
        return ""
    return f"{first.value / last.value:.2f}"


def spread_note(benchmark: Benchmark) -> str:
    """How noisy the clock was: the largest spread of an operation's rounds."""
    rows = [row for row in benchmark.results if row.meter == TIME and row.layer == "c"]
    if not rows:
        return ""
    worst = max(rows, key=lambda row: row.cv)
    return (
        f"time: 10 %-quantile of {min(row.n for row in rows)} rounds; rounds of {worst.op} "
        f"spread by {worst.cv:.0%}"
    )


def overall(benchmark: Benchmark, meter: str) -> str:
    """The geometric mean of ratios over the operations that both outer targets have."""
    ids = shown_targets(benchmark)
    if len(ids) < 2:
        return ""
    controls = {op.name for op in benchmark.operations if op.control}
    first, last = benchmark.rows(meter, ids[0]), benchmark.rows(meter, ids[-1])
    ratios = {
        op: first[op].value / last[op].value
        for op in first
        if op in last
        and first[op].layer == "c"
        and op not in controls
        and first[op].value > 0
        and last[op].value > 0
    }
    if not ratios:
        return ""
    worst = max(ratios, key=lambda op: ratios[op])
    return (
        f"{meter}: {ids[0]} takes {geometric_mean(ratios.values()):.2f} times what {ids[-1]} "
        f"does (geometric mean of {len(ratios)} C operations; most: {worst} {ratios[worst]:.2f})"
    )


def terminal(benchmark: Benchmark, emit: Callable[[Table | Text], None]) -> None:
    """Print a table for each meter, then what is to know about it."""
    ids = shown_targets(benchmark)
    for meter in (INSTRUCTIONS, TIME):
        found = lines(benchmark, meter)
        if not found:
            continue
        table = Table(title=f"{meter} per iteration ({UNITS[meter]})", title_justify="left")
        table.add_column("operation", no_wrap=True)
        for id in ids:
            table.add_column(Text(visible(id)), justify="right")
        if len(ids) > 1:
            table.add_column("ratio", justify="right")
        for line in found:
            cells = [*line.cells, line.ratio] if len(ids) > 1 else list(line.cells)
            table.add_row(line.op, *cells)
        emit(table)
    for note in notes(benchmark):
        emit(Text(note))


def notes(benchmark: Benchmark) -> list[str]:
    """Sentences below the tables: overall ratios, noise, what was left out and why."""
    found = [overall(benchmark, INSTRUCTIONS), overall(benchmark, TIME), spread_note(benchmark)]
    if len(benchmark.targets) > _WIDE:
        found.append(
            f"{len(benchmark.targets)} targets: the first and the last are shown; "
            "--html and --json have all"
        )
    for target in benchmark.targets:
        if target.core not in ("conformant", "not judged"):
            found.append(
                f"{visible(target.id)}: no numbers, its core is {target.core}; `ffi-cts run` says "
                "why, --expect FILE waives what is known, --force measures all the same"
            )
    reasons: dict[tuple[str, str], list[str]] = {}
    for skip in benchmark.skipped:
        ops = reasons.setdefault((skip.target, skip.reason), [])
        if skip.op not in ops:
            ops.append(skip.op)
    for (name, reason), ops in reasons.items():
        named = ", ".join(ops[:3]) + (f" and {len(ops) - 3} more" if len(ops) > 3 else "")
        found.append(f"{visible(name)}: {named} left out: {visible(first_line(reason))}")
    if benchmark.interrupted:
        found.append("interrupted: this is what was measured until then")
    return [note for note in found if note]


def markdown(benchmark: Benchmark) -> str:
    """The same for a CI summary."""
    ids = shown_targets(benchmark)
    parts = [
        "# Call latency",
        "",
        f"{plain(benchmark.machine.cpu)}, ffi-cts {benchmark.suite}",
    ]
    for meter in (INSTRUCTIONS, TIME):
        found = lines(benchmark, meter)
        if not found:
            continue
        names = [*map(plain, ids), *(["ratio"] if len(ids) > 1 else [])]
        parts += ["", f"## {meter.capitalize()} per iteration ({UNITS[meter]})", ""]
        parts += [f"| operation | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
        for line in found:
            cells = [*line.cells, line.ratio] if len(ids) > 1 else list(line.cells)
            parts.append(f"| {line.op} | {' | '.join(cells)} |")
    parts += ["", *(f"- {plain(note)}" for note in notes(benchmark))]
    return "\n".join(parts) + "\n"
