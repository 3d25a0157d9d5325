# SPDX-License-Identifier: Apache-2.0
"""Several targets side by side as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count as numbers
from itertools import groupby

from attrs import evolve, frozen

from ffi_cts.report.matrix import Cell, Matrix, Row, State
from ffi_cts.report.matrix_views import history, mark, sentence, short
from ffi_cts.report.page.fields import fields_of, how
from ffi_cts.report.page.marks import (
    BAD,
    HELD,
    IMPOSSIBLE,
    KINDS,
    UNKNOWN,
    WAIVED,
    WARNED,
    Part,
    kind_of,
    strip,
)
from ffi_cts.report.page.render import templates
from ffi_cts.report.page.view import Clauses, ClauseText
from ffi_cts.report.triage import area_of, in_order
from ffi_cts.report.words import count, observation, shortened
from ffi_cts.results import CheckResult, Level, Report

_KINDS = {State.UNKNOWN: UNKNOWN, State.HOLDS: HELD, State.IMPOSSIBLE: IMPOSSIBLE}
_SIGNS = {HELD: "✓", WAIVED: "○", WARNED: "△", UNKNOWN: "?", IMPOSSIBLE: "–"}
_LACKS = {
    State.IMPOSSIBLE: "not possible in",
    State.UNKNOWN: "no result in",
    State.ABSENT: "not tried in",
}


@frozen(kw_only=True)
class Seen:
    """A check that deviates in some targets, as it was seen in one of them.

    `like` leads to the place where the same was told before.
    """

    check: CheckResult
    kind: str
    keys: str
    text: str
    fields: tuple[tuple[str, str], ...]
    like: Stretch | None = None


@frozen(kw_only=True)
class Stretch:
    """Neighbouring columns in which a clause stands alike; `anchor` if it deviates in them."""

    span: int
    kind: str
    mark: str
    name: str
    says: str
    source: str
    how: str
    anchor: str = ""
    seen: tuple[Seen, ...] = ()


@frozen(kw_only=True)
class Line:
    """A clause in all targets."""

    clause: ClauseText
    level: str
    area: str
    keys: str
    kind: str
    history: str
    stretches: tuple[Stretch, ...]

    @property
    def told(self) -> tuple[Stretch, ...]:
        """Those in which it deviates."""
        return tuple(stretch for stretch in self.stretches if stretch.anchor)


@frozen(kw_only=True)
class Tile:
    """How far an area is in one column."""

    kind: str
    text: str
    says: str
    parts: tuple[Part, ...]


@frozen(kw_only=True)
class TargetRow:
    """What was found of one target."""

    label: str
    report: Report
    parts: tuple[Part, ...]


def render(matrix: Matrix) -> str:
    """Give the page. What the libraries said is only text in it."""
    maker = _Maker(matrix)
    lines = [maker.line(row) for row in matrix.rows]
    deviating = [line for _, mine in _by_area([*lines], maker.areas) for line in mine if line.told]
    others = [line for line in lines if not line.told]
    alike = [maker.line(row) for row in matrix.alike]
    return (
        templates()
        .get_template("targets.html")
        .render(
            matrix=matrix,
            title=maker.title(),
            sentence=sentence(matrix),
            parts=_whole(matrix, deviating, others, alike),
            targets=tuple(_targets(matrix)),
            kinds=_kinds(matrix),
            columns=maker.columns,
            tiles=tuple(maker.tiles()),
            bands=_by_area(deviating, maker.areas),
            deviating=deviating,
            others=_by_history(others),
            alike=alike,
            hows=tuple(
                (label, found)
                for label, found in zip(matrix.labels, maker.hows, strict=True)
                if found
            ),
            number=len(lines) + len(alike),
            choices=maker.choices([*lines, *alike]),
        )
    )


class _Maker:
    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.neighbours = matrix.columns
        self.columns = [short(matrix, column) for column in self.neighbours]
        self.checks = [{check.id: check for check in report.checks} for report in matrix.reports]
        every = {check.id: check for report in matrix.reports for check in report.checks}
        self.areas = list(dict.fromkeys(area_of(check.id) for check in in_order(every.values())))
        self.clauses = Clauses(row.clause for row in (*matrix.rows, *matrix.alike))
        self.hows = [how(report.checks, str(n)) for n, report in enumerate(matrix.reports)]
        self.releases = list(
            dict.fromkeys(event.release for row in matrix.rows for event in row.events)
        )
        self._number = numbers(1)

    def title(self) -> str:
        """What is compared, in a few words."""
        labels = self.matrix.labels
        names = [labels[position] for position in self.matrix.releases]
        parts = []
        if names:
            package, _, first = names[0].partition("==")
            parts.append(f"{package} {first} to {names[-1].partition('==')[2]}")
        others = labels[len(names) :]
        parts += others if len(others) <= 3 else [count(len(others), "other target")]
        return ", ".join(parts) if names or len(others) <= 3 else count(len(labels), "target")

    def line(self, row: Row) -> Line:
        """A clause with all that is told of it."""
        deviating = [n for n, cell in enumerate(row.cells) if cell.state is State.DEVIATES]
        area = next(area_of(id) for cell in row.cells for id in cell.outcomes)
        happened = dict.fromkeys(self.releases.index(event.release) for event in row.events)
        keys = (
            row.level.value,
            f"a{self.areas.index(area)}",
            *(f"t{n}" for n in deviating),
            *(f"r{n}" for n in happened),
        )
        told = history(row)
        if not row.events and deviating and len(deviating) < len(row.cells):
            told = f"deviates in {', '.join(self.matrix.labels[n] for n in deviating)}"
        return Line(
            clause=self.clauses.text(row.clause),
            level=row.level.value,
            area=area,
            keys=" ".join(keys),
            kind=_bad(row.level) if deviating else IMPOSSIBLE,
            history=told if deviating else self._lacks(row, told),
            stretches=tuple(self._stretches(row)),
        )

    def _lacks(self, row: Row, told: str) -> str:
        """Why a clause that deviates nowhere does not stand alike."""
        parts = [told] if told else []
        start = len(self.matrix.releases) if told else 0
        for state, words in _LACKS.items():
            names = [
                self.matrix.labels[n]
                for n in range(start, len(row.cells))
                if row.cells[n].state is state
            ]
            if names:
                parts.append(f"{words} {', '.join(names)}")
        return ", ".join(parts)

    def _stretches(self, row: Row) -> Iterator[Stretch]:
        columns = self.neighbours
        releases = self.matrix.releases

        def look(n: int) -> tuple[object, ...]:
            first = columns[n].targets[0]
            # Only releases follow each other: other neighbours have nothing to do with each other.
            return (row.cells[first].look, -1 if first in releases else n)

        before: dict[tuple[object, ...], Stretch] = {}
        for number, (_, group) in enumerate(groupby(range(len(columns)), look)):
            mine = list(group)
            targets = [target for n in mine for target in columns[n].targets]
            yield self._stretch(row, number, len(mine), targets, before)

    def _stretch(
        self,
        row: Row,
        number: int,
        span: int,
        targets: list[int],
        before: dict[tuple[object, ...], Stretch],
    ) -> Stretch:
        cell, newest = row.cells[targets[0]], targets[-1]
        labels = [self.matrix.labels[target] for target in targets]
        name = labels[0]
        if len(labels) > 1:
            name = f"{labels[0]} to {labels[-1].partition('==')[2]} ({len(labels)} releases)"
        deviates = cell.state is State.DEVIATES
        place = self.clauses.text(row.clause).anchor
        made = Stretch(
            span=span,
            kind=_bad(row.level) if deviates else _KINDS.get(cell.state, "absent"),
            mark=mark(cell),
            name=name,
            says=_says(cell),
            source=labels[-1] if len(labels) > 1 else "",
            how=str(newest),
            anchor=f"{place}.{number}" if deviates else "",
        )
        if not deviates:
            return made
        return evolve(made, seen=tuple(self._seen(cell, newest, made, before)))

    def _seen(
        self, cell: Cell, target: int, here: Stretch, before: dict[tuple[object, ...], Stretch]
    ) -> Iterator[Seen]:
        for check in in_order(self.checks[target][id] for id in cell.deviating):
            text = shortened(observation(check).strip())
            same = (check.id, text, check.example, check.calls, check.fault)
            like = before.setdefault(same, here)
            died = "died" if check.raw_outcome in ("crash", "timeout") else "known"
            yield Seen(
                check=check,
                kind=kind_of(check.status),
                keys=died,
                text="" if like is not here else text,
                fields=() if like is not here else fields_of(check, self.hows[target]),
                like=like if like is not here else None,
            )

    def tiles(self) -> Iterator[tuple[str, tuple[Tile, ...]]]:
        """Each area with a tile for each column."""
        first = [column.targets[0] for column in self.neighbours]
        for area in self.areas:
            yield (
                area,
                tuple(
                    _tile([c for c in self.matrix.reports[n].checks if area_of(c.id) == area])
                    for n in first
                ),
            )

    def choices(self, lines: Iterable[Line]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """What can be filtered by."""
        there = {key for line in lines for key in line.keys.split()}
        found = (
            ("Level", [(level.value, level.value) for level in Level]),
            ("Area", [(f"a{n}", name) for n, name in enumerate(self.areas)]),
            ("Deviates in", [(f"t{n}", name) for n, name in enumerate(self.matrix.labels)]),
            ("Changed in", [(f"r{n}", name) for n, name in enumerate(self.releases)]),
        )
        return tuple((name, tuple(v for v in values if v[0] in there)) for name, values in found)


def _bad(level: Level) -> str:
    return BAD if level is Level.MUST else WARNED


def _says(cell: Cell) -> str:
    """A cell in words."""
    if cell.state is State.DEVIATES:
        counts = cell.counts
        return ", ".join(
            f"{outcome} in {count(counts[outcome], 'check')}"
            for outcome in counts
            if outcome in ("crash", "fail", "timeout")
        )
    return {State.HOLDS: "holds", State.IMPOSSIBLE: "not possible"}.get(cell.state, "no result")


def _tile(checks: Sequence[CheckResult]) -> Tile:
    parts = strip(checks)
    numbers_of = {part.kind: part.number for part in parts}
    order = (BAD, UNKNOWN, WAIVED, HELD, WARNED)
    kind = next((kind for kind in order if kind in numbers_of), IMPOSSIBLE)
    counted = {BAD: "", WAIVED: _SIGNS[WAIVED]}
    text = f"{counted[kind]}{numbers_of[kind]}" if kind in counted else _SIGNS[kind]
    says = ", ".join(f"{part.number} {part.word}" for part in parts) or "no check"
    return Tile(kind=kind, text=text, says=says, parts=parts)


def _whole(
    matrix: Matrix, deviating: Sequence[Line], others: Sequence[Line], alike: Sequence[Line]
) -> tuple[Part, ...]:
    same = matrix.clauses - len(deviating) - len(others) - len(alike)
    parts = (
        Part("same", same, "the same everywhere"),
        Part(IMPOSSIBLE, len(others), "possible in some only"),
        Part(BAD, len(deviating), "deviating in some"),
        Part(WARNED, len(alike), "deviating in all alike"),
    )
    return tuple(part for part in parts if part.number)


def _targets(matrix: Matrix) -> Iterator[TargetRow]:
    for number, (label, report) in enumerate(zip(matrix.labels, matrix.reports, strict=True)):
        yield TargetRow(
            label=label.partition("==")[2] if number in matrix.releases else label,
            report=report,
            parts=strip(report.checks),
        )


def _kinds(matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Every kind of ending that one of the targets has, with its word."""
    there = {kind_of(check.status) for report in matrix.reports for check in report.checks}
    return tuple((kind, word) for kind, word in KINDS.items() if kind in there)


def _by_area(
    lines: Sequence[Line], areas: Sequence[str]
) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    found = ((area, tuple(line for line in lines if line.area == area)) for area in areas)
    return tuple((area, mine) for area, mine in found if mine)


def _by_history(lines: Sequence[Line]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    found = dict.fromkeys(line.history for line in lines)
    return tuple((told, tuple(line for line in lines if line.history == told)) for told in found)
