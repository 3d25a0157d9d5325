# SPDX-License-Identifier: Apache-2.0
"""The tables of the page: what changed where, and every number."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from attrs import frozen

from ffi_cts.bench.model import LAYERS, UNITS, Operation
from ffi_cts.bench.page.changes import Change, Step, everywhere, steps
from ffi_cts.bench.page.view import Card, Cell, View, kind_of, label_of, times_floor
from ffi_cts.bench.table import number

_WORDS = {"c": "calls from C", "python": "calls from Python", "cuda": "CUDA kernels"}


@frozen
class Side:
    """One meter's part of an event: its ratio in words, and the values."""

    change: str
    kind: str
    old: str
    new: str


@frozen
class Event:
    """One operation that changed between two targets, on any meter; sides as meters are."""

    number: int
    op: Operation
    before: str
    after: str
    sides: tuple[Side | None, ...]
    size: float

    def kind(self, meter: int) -> str:
        """Class of the style sheet of the change on one meter, empty where it isn't one."""
        side = self.sides[meter]
        return side.kind if side else ""


def events(view: View, cards: Sequence[Card]) -> list[Event]:
    """Every change of an operation that calls the library, the largest first."""
    found = []
    for card in cards:
        series = [view.found[meter].get(card.op.name) for meter in view.meters]
        for index in range(len(view.ids) if not card.op.control else 0):
            changes = [s.steps.get(index) if s else None for s in series]
            marked = [change for change in changes if change and change.marked]
            if marked:
                found.append(
                    Event(
                        number=card.number,
                        op=card.op,
                        before=view.labels[marked[0].before],
                        after=view.labels[marked[0].after],
                        sides=tuple(_side(change) for change in changes),
                        size=marked[0].size,
                    )
                )
    return sorted(found, key=lambda event: -event.size)


def _side(change: Change | None) -> Side | None:
    if change is None:
        return None
    return Side(
        change=label_of(change.ratio) if change.marked else f"{change.ratio:.2f}×",
        kind=kind_of(change.ratio) if change.marked else "",
        old=number(change.old.value, change.old.meter),
        new=number(change.new.value, change.new.meter),
    )


@frozen
class TargetSteps:
    """What one target changed, by meter."""

    label: str
    sides: tuple[Step, ...]

    @property
    def largest(self) -> Change | None:
        """The largest change on any meter; on the first one that has any."""
        return next((side.largest for side in self.sides if side.largest), None)


def controls(view: View) -> set[str]:
    """Names of operations that never call the library."""
    return {op.name for op in view.benchmark.operations if op.control}


def common(view: View, meter: str) -> list[str]:
    """Operations that the overall ratio is over: of the first layer, and on every target."""
    return everywhere(view.found[meter], _layer(view), controls(view))


def _layer(view: View) -> str:
    present = {row.layer for row in view.benchmark.results}
    return next((layer for layer in LAYERS if layer in present), LAYERS[0])


def target_steps(view: View) -> list[TargetSteps]:
    """A line for each target."""
    by_meter = [
        steps(view.found[meter], common(view, meter), controls(view), len(view.ids))
        for meter in view.meters
    ]
    return [
        TargetSteps(view.labels[id], tuple(meter[index] for meter in by_meter))
        for index, id in enumerate(view.ids)
    ]


@frozen
class Finding:
    """The short of it on one meter, the `at`-th. `middle` and `floor` are values in words."""

    meter: str
    at: int
    layer: str
    common: int
    index: float | None
    slower: int
    faster: int
    steps: int
    largest: Event | None
    middle: str
    floor: str


def findings(view: View, changes: Sequence[Event], lines: Sequence[TargetSteps]) -> list[Finding]:
    """One finding for each meter."""
    return [_finding(view, at, meter, changes, lines) for at, meter in enumerate(view.meters)]


def _finding(
    view: View, at: int, meter: str, changes: Sequence[Event], lines: Sequence[TargetSteps]
) -> Finding:
    kinds = [event.kind(at) for event in changes]
    slower = [event for event in changes if event.kind(at) == "up"]
    ops = common(view, meter)
    last = [view.found[meter][op].present[-1] for op in ops]
    return Finding(
        meter=meter,
        at=at,
        layer=_WORDS[_layer(view)],
        common=len(ops),
        index=lines[-1].sides[at].index if lines else None,
        slower=kinds.count("up"),
        faster=kinds.count("down"),
        steps=sum(1 for line in lines if line.sides[at].slower or line.sides[at].faster),
        largest=slower[0] if slower else None,
        middle=number(statistics.median([row.value for row in last]), meter) if last else "",
        floor=number(last[0].floor, meter) if last and last[0].floor else "",
    )


@frozen
class Line:
    """One operation in the full table. `ratio` is last over first, `times` over the floor."""

    op: Operation
    cells: tuple[Cell, ...]
    ratio: str
    times: str
    floor: str
    fastest: str
    median: str


@frozen
class Table:
    """Every number of a layer on one meter; `letters` stand for reasons of gaps."""

    meter: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    letters: Mapping[str, str]


def tables(view: View, groups: Sequence[tuple[str, Sequence[Card]]]) -> tuple[Table, ...]:
    """A table for each meter that these groups of cards have numbers on."""
    found = []
    for meter in view.meters:
        parts = [
            (name, tuple(_line(view, card.op, meter) for card in cards if _has(view, card, meter)))
            for name, cards in groups
        ]
        parts = [part for part in parts if part[1]]
        notes = dict.fromkeys(
            cell.note for _, lines in parts for line in lines for cell in line.cells if cell.note
        )
        letters = {note: _letter(index) for index, note in enumerate(notes)}
        if parts:
            found.append(Table(meter, tuple(parts), letters))
    return tuple(found)


def _has(view: View, card: Card, meter: str) -> bool:
    return card.op.name in view.found[meter]


def _letter(index: int) -> str:
    """a to z, then aa, ab, and so on."""
    before, here = divmod(index, 26)
    return (_letter(before - 1) if before else "") + "abcdefghijklmnopqrstuvwxyz"[here]


def _line(view: View, op: Operation, meter: str) -> Line:
    series = view.found[meter][op.name]
    first, last, latest = series.rows[0], series.rows[-1], series.present[-1]
    ratio = last.value / first.value if first and last and first.value > 0 else None
    return Line(
        op=op,
        cells=tuple(view.cell(series, index) for index in range(len(view.ids))),
        ratio="" if ratio is None else f"{ratio:.2f}",
        times=times_floor(latest),
        floor="–" if latest.floor is None else number(latest.floor, meter),
        fastest=number(latest.min, meter),
        median=number(latest.median, meter),
    )


def axis(view: View) -> str:
    """The range of the axis of dots, for each meter."""
    parts = []
    for meter in view.meters:
        powers = [label for _, label in view.scale(meter).powers]
        parts.append(f"{powers[0]} to {powers[-1]} {UNITS[meter]}")
    return " and from ".join(parts)
