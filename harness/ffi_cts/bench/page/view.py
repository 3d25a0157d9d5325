# SPDX-License-Identifier: Apache-2.0
"""The page as values: what stands in each card, row and note. The template lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from attrs import frozen

from ffi_cts.bench.model import INSTRUCTIONS, THREADS, TIME, UNITS, Benchmark, Operation, Row
from ffi_cts.bench.page.changes import Series, differs
from ffi_cts.bench.page.charts import LogScale, StepChart, step_chart
from ffi_cts.bench.table import number
from ffi_cts.library.releases import PROJECT
from ffi_cts.report.words import count, first_line, visible

BARS = 4
"""Up to so many targets are bars; more of them are a line with steps."""
_LABEL = 28
_UNITS = {**UNITS, INSTRUCTIONS: "instr."}


def label_of(ratio: float) -> str:
    """A change in words that need no colour: "▲ +12 %", "▼ −30 %", "▲ 2.65×"."""
    if ratio >= 2:
        return f"▲ {ratio:,.{2 if ratio < 10 else 1 if ratio < 100 else 0}f}×"
    percent = 100 * (ratio - 1)
    digits = 0 if abs(percent) >= 9.95 and abs(percent) < 99.5 else 1
    return f"{'▲ +' if ratio > 1 else '▼ −'}{abs(percent):.{digits}f} %"


def kind_of(ratio: float) -> str:
    """Class of the style sheet of a change."""
    return "up" if ratio > 1 else "down"


def short_labels(ids: Sequence[str]) -> dict[str, str]:
    """A short name for each target, of which no two are the same.

    Releases are named by their version, files by their name.
    """
    labels: dict[str, str] = {}
    for id in ids:
        plain = visible(id).replace("\n", "\\n")
        short = plain.removeprefix(f"{PROJECT}==").rstrip("/").rsplit("/", 1)[-1] or plain
        if len(short) > _LABEL:
            short = f"{short[: _LABEL // 2 - 1]}…{short[-_LABEL // 2 :]}"
        names = [short, *(f"{short} ({n})" for n in range(2, len(ids) + 2))]
        labels[id] = next(name for name in names if name not in labels.values())
    return labels


@frozen
class Bar:
    """One target's bar: `share` of the longest, whiskers from the fastest to the median round."""

    label: str
    share: float
    low: float
    high: float
    value: str
    change: str
    kind: str


@frozen
class Dot:
    """One number on a logarithmic axis, with the floor's place. All are shares of the axis."""

    at: float
    floor: float | None


@frozen
class Gap:
    """Neighbouring targets without a number, and why."""

    labels: str
    reason: str
    broken: bool


@frozen
class Panel:
    """One operation on one meter: its latest value in words, and one of three charts."""

    meter: str
    unit: str
    value: str
    floor: str
    overall: str
    overall_kind: str
    times: str
    gaps: tuple[Gap, ...]
    says: str
    steps: StepChart | None = None
    bars: tuple[Bar, ...] = ()
    dot: Dot | None = None
    ticks: tuple[float, ...] = ()


@frozen
class Cell:
    """One target's number in words, or a `note` why there is none.

    `previous` and `first` are ratios. `change` is there where it differs from the one before.
    """

    value: str
    previous: str
    first: str
    change: str
    kind: str
    spread: str
    note: str = ""


@frozen
class Card:
    """Everything about one operation. `rows` are a label and a cell for each panel.

    `changed` is the size of its largest change. It is `slower` or `faster`, or both,
    than some target before, on the first meter that it has.
    """

    number: int
    op: Operation
    threads: bool
    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    changed: float
    cost: float
    slower: bool
    faster: bool


class View:
    """Makes the parts of the page from a benchmark; `found` has the numbers by meter."""

    def __init__(
        self,
        benchmark: Benchmark,
        ids: Sequence[str],
        found: Mapping[str, Mapping[str, Series]],
    ) -> None:
        self.benchmark = benchmark
        self.ids = list(ids)
        self.labels = short_labels([target.id for target in benchmark.targets])
        self.found = found
        self._reasons = {
            (skip.target, skip.op, skip.meter): (first_line(skip.reason), skip.broken)
            for skip in benchmark.skipped
        }
        self._scales = {
            meter: LogScale.over([row.value for s in series.values() for row in s.present])
            for meter, series in found.items()
        }

    @property
    def several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.ids) > 1

    @property
    def meters(self) -> list[str]:
        """Meters that have numbers."""
        return list(self.found)

    def scale(self, meter: str) -> LogScale:
        """The axis that all dots of one meter share."""
        return self._scales[meter]

    def known(self, target: str, op: str, meter: str) -> tuple[str, bool] | None:
        """The recorded reason for a missing number, and whether the library is to blame."""
        return self._reasons.get((target, op, meter))

    def why(self, target: str, op: str, meter: str) -> tuple[str, bool]:
        """The same, with words for a number that nobody recorded as missing."""
        if known := self.known(target, op, meter):
            return known
        if self.benchmark.interrupted:
            return "the measurement was interrupted before", False
        return "not measured", False

    def card(self, index: int, op: Operation) -> Card | None:
        """The card of `op`, None where it has no number at all."""
        series = [found[op.name] for found in self.found.values() if op.name in found]
        if not series:
            return None
        return Card(
            number=index,
            op=op,
            threads=op.name.startswith(THREADS),
            panels=tuple(self._panel(s) for s in series),
            rows=tuple(
                (self.labels[id], tuple(self.cell(s, at) for s in series))
                for at, id in enumerate(self.ids)
            ),
            changed=max((c.size for s in series for _, c in s.marked), default=0.0),
            cost=series[0].present[-1].value,
            slower=any(c.ratio > 1 for _, c in series[0].marked),
            faster=any(c.ratio < 1 for _, c in series[0].marked),
        )

    def _panel(self, series: Series) -> Panel:
        last = series.present[-1]
        overall, kind = self._overall(series)
        steps: StepChart | None = None
        bars: tuple[Bar, ...] = ()
        dot: Dot | None = None
        ticks: tuple[float, ...] = ()
        if len(self.ids) == 1:
            scale = self._scales[series.meter]
            dot = Dot(scale.share(last.value), scale.share(last.floor) if last.floor else None)
            ticks = tuple(share for share, _ in scale.powers)
        elif len(self.ids) <= BARS:
            bars = self._bars(series)
        else:
            steps = step_chart(series, label_of, kind_of, self.labels)
        return Panel(
            meter=series.meter,
            unit=_UNITS[series.meter],
            value=number(last.value, series.meter),
            floor="" if last.floor is None else number(last.floor, series.meter),
            overall=overall,
            overall_kind=kind,
            gaps=self.gaps(series),
            says=self._says(series),
            steps=steps,
            bars=bars,
            dot=dot,
            ticks=ticks,
            times=times_floor(last) if len(self.ids) == 1 else "",
        )

    def _overall(self, series: Series) -> tuple[str, str]:
        """The latest value against the first target's, and the class of the difference."""
        first, last = series.rows[0], series.rows[-1]
        if len(self.ids) <= BARS or first is None or last is None or first.value <= 0:
            return "", ""
        if not differs(first, last):
            return "", ""
        return f"{last.value / first.value:.2f}×", kind_of(last.value / first.value)

    def _says(self, series: Series) -> str:
        """What a reader who can't see the chart should know."""
        first, last = series.present[0], series.present[-1]
        text = f"{number(last.value, last.meter)} {UNITS[last.meter]} in {self.labels[last.target]}"
        if first.target == last.target:
            return text
        return (
            f"{text}, {number(first.value, first.meter)} in {self.labels[first.target]}, "
            f"{count(len(series.marked), 'change')} between"
        )

    def _bars(self, series: Series) -> tuple[Bar, ...]:
        top = max(max(row.value, row.median) for row in series.present) or 1.0
        bars = []
        for index, row in enumerate(series.rows):
            if row is None:
                continue
            change = series.steps.get(index)
            marked = change is not None and change.marked
            bars.append(
                Bar(
                    label=self.labels[self.ids[index]],
                    share=row.value / top,
                    low=row.min / top,
                    high=row.median / top,
                    value=number(row.value, row.meter),
                    change=label_of(change.ratio) if change and marked else "",
                    kind=kind_of(change.ratio) if change and marked else "",
                )
            )
        return tuple(bars)

    def gaps(self, series: Series) -> tuple[Gap, ...]:
        """Runs of neighbouring targets without a number for one reason."""
        reasons = [
            None if row else self.why(id, series.op, series.meter)
            for id, row in zip(self.ids, series.rows, strict=True)
        ]
        found = []
        for reason, run in groupby(range(len(reasons)), lambda index: reasons[index]):
            indices = list(run)
            if reason is not None:
                names = [self.labels[self.ids[index]] for index in indices]
                found.append(Gap(label_range(names), *reason))
        return tuple(found)

    def cell(self, series: Series, index: int) -> Cell:
        """The cell of a series at one of its targets."""
        row = series.rows[index]
        if row is None:
            reason, _ = self.why(self.ids[index], series.op, series.meter)
            return Cell("", "", "", "", "", "", reason)
        change, first = series.steps.get(index), series.rows[0]
        marked = change is not None and change.marked
        return Cell(
            value=number(row.value, row.meter),
            previous=f"{change.ratio:.3f}" if change else "",
            first=f"{row.value / first.value:.3f}" if first and first.value > 0 and index else "",
            change=label_of(change.ratio) if change and marked else "",
            kind=kind_of(change.ratio) if change and marked else "",
            spread=f"{row.cv:.0%}" if row.meter == TIME else "",
        )


def times_floor(row: Row) -> str:
    """How many times the floor a number is, in words; empty where that is unknown."""
    if not row.floor or row.floor <= 0:
        return ""
    times = row.value / row.floor
    return f"{times:.1f}×" if times < 100 else f"{times:,.0f}×"


def label_range(names: Sequence[str]) -> str:
    """Neighbouring targets in few words."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} to {names[-1]} ({len(names)} targets)"
