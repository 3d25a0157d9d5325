# SPDX-License-Identifier: Apache-2.0
"""What changed between neighbouring targets, and when a difference counts as a change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from ffi_cts.bench.gate import rules
from ffi_cts.bench.gate.model import Outcome
from ffi_cts.bench.model import INSTRUCTIONS, TIME, Benchmark, Counts, Row
from ffi_cts.bench.stats import geometric_mean

LEAST_RATIO = {INSTRUCTIONS: rules.MIN_SHARE, TIME: rules.MIN_SLOWDOWN}
"""Smaller differences are no change, as shares of the older value."""
LEAST_DIFFERENCE = {INSTRUCTIONS: rules.MIN_INSTRUCTIONS, TIME: rules.MIN_NANOSECONDS}
"""Nor are so few instructions, or such a small part of a nanosecond."""
LEAST_ROUNDS = 10
"""With fewer rounds the clock says nothing about its own spread."""


@frozen
class Change:
    """One operation at two neighbouring targets, on one meter."""

    op: str
    before: str
    after: str
    old: Row
    new: Row
    marked: bool

    @property
    def ratio(self) -> float:
        """New value over old value: above 1 is slower."""
        return self.new.value / self.old.value

    @property
    def size(self) -> float:
        """How far the ratio is from 1; 2 and 1/2 are equally far."""
        return abs(math.log(self.ratio))


@frozen
class Series:
    """One operation on one meter, over all targets in their order. None is a gap.

    `steps` holds, by the index of the newer target, the difference to the nearest
    older target that has a number too.
    """

    op: str
    meter: str
    rows: tuple[Row | None, ...]
    steps: Mapping[int, Change] = field(factory=dict)

    @property
    def present(self) -> list[Row]:
        """Rows without the gaps."""
        return [row for row in self.rows if row is not None]

    @property
    def marked(self) -> list[tuple[int, Change]]:
        """Changes and the index of the newer target, largest first."""
        found = [(index, change) for index, change in self.steps.items() if change.marked]
        return sorted(found, key=lambda item: -item[1].size)


def differs(old: Row, new: Row) -> bool:
    """Whether two rows of one operation on one meter differ by more than noise.

    Counts: as the gate judges them; those of a file without the layouts' by more than 1 %, more
    than 3 instructions, and more than the collections of one library differ. Time: by more than
    5 % and half a nanosecond, and even the fastest round of the slower target is slower than the
    median round of the faster one, with 10 rounds or more each.
    """
    if old.counts and new.counts:
        said = rules.by_instructions(Counts.of(old.counts), Counts.of(new.counts)).verdict
        return said in (Outcome.SLOWER, Outcome.FASTER)
    least = LEAST_RATIO[old.meter]
    if old.value <= 0 or abs(new.value - old.value) <= least * old.value:
        return False
    if old.meter == INSTRUCTIONS:
        doubt = 2 * max(old.cv * old.value, new.cv * new.value)
        return abs(new.value - old.value) > max(LEAST_DIFFERENCE[INSTRUCTIONS], doubt)
    if abs(new.value - old.value) <= LEAST_DIFFERENCE[TIME]:
        return False
    slow, fast = (new, old) if new.value > old.value else (old, new)
    return min(old.n, new.n) >= LEAST_ROUNDS and slow.min > fast.median


def series(benchmark: Benchmark, meter: str, ids: Sequence[str]) -> dict[str, Series]:
    """Each operation's numbers on `meter`, of the targets `ids` in that order.

    Operations without any number are left out.
    """
    by_target = [benchmark.rows(meter, id) for id in ids]
    found = {}
    for operation in benchmark.operations:
        rows = tuple(rows.get(operation.name) for rows in by_target)
        if any(rows):
            found[operation.name] = Series(operation.name, meter, rows, _steps(ids, rows))
    return found


def _steps(ids: Sequence[str], rows: Sequence[Row | None]) -> dict[int, Change]:
    steps = {}
    older: tuple[str, Row] | None = None
    for index, (id, row) in enumerate(zip(ids, rows, strict=True)):
        if row is None:
            continue
        if older is not None and older[1].value > 0 and row.value > 0:
            before, old = older
            steps[index] = Change(row.op, before, id, old, row, differs(old, row))
        older = (id, row)
    return steps


@frozen
class Step:
    """One target against the one before it, over all operations but controls, on one meter.

    `index` is the geometric mean of value over the first target's value, of the
    operations of the layer that every target has; None without any.
    """

    slower: int
    faster: int
    index: float | None
    largest: Change | None


def steps(
    found: Mapping[str, Series], common: Sequence[str], controls: set[str], count: int
) -> list[Step]:
    """A step for each of the `count` targets; the first has nothing before it."""
    result = []
    for target in range(count):
        changes = [
            s.steps[target]
            for s in found.values()
            if target in s.steps and s.steps[target].marked and s.op not in controls
        ]
        result.append(
            Step(
                slower=sum(change.ratio > 1 for change in changes),
                faster=sum(change.ratio < 1 for change in changes),
                index=_index(found, common, target),
                largest=max(changes, key=lambda change: change.size, default=None),
            )
        )
    return result


def everywhere(found: Mapping[str, Series], layer: str, controls: set[str]) -> list[str]:
    """Operations of `layer` that every target has a number of."""
    return [
        s.op
        for s in found.values()
        if s.op not in controls and all(row is not None and row.value > 0 for row in s.rows)
        if s.present[0].layer == layer
    ]


def _index(found: Mapping[str, Series], ops: Sequence[str], target: int) -> float | None:
    pairs = [(found[op].rows[0], found[op].rows[target]) for op in ops]
    ratios = [new.value / old.value for old, new in pairs if old and new]
    return geometric_mean(ratios) if ratios else None
