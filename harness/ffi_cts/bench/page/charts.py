# SPDX-License-Identifier: Apache-2.0
"""Geometry of the page's charts, in units of their view box. The template draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from ffi_cts.bench.model import Row
from ffi_cts.bench.page.changes import Series

WIDTH, HEIGHT = 260.0, 70.0
_TOP, _BOTTOM = 19.0, 66.0
_CHARACTER = 5.9
"""Width of a character of a label, at the size that the style sheet gives it."""
_WIDEST = 150.0


@frozen
class Mark:
    """A change: a hairline at `x` down to `y`, and a label at the top, in its middle at `at`.

    `change` and `target` are the words of the label. Where there is no room for it, `at` is None.
    """

    x: float
    y: float
    at: float | None
    change: str
    target: str
    kind: str


@frozen
class StepChart:
    """A line that steps from target to target; paths are SVG path data.

    `band` reaches from the fastest round to the median. `gaps` are pairs of the left
    edge and the width where a target has no number.
    """

    line: str
    band: str
    floor: str
    gaps: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    last: tuple[float, float]


def step_chart(
    series: Series,
    label: Callable[[float], str],
    kind: Callable[[float], str],
    names: Mapping[str, str],
) -> StepChart:
    """Chart of one operation over many targets, from zero up to its own largest value.

    `label` and `kind` turn a ratio into words and a class of the style sheet; `names` are
    the labels of targets.
    """
    rows = series.rows
    spread = any(row.median > row.value for row in series.present)
    top = max(max(row.value, row.median) if spread else row.value for row in series.present)
    width = WIDTH / len(rows)

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / top if top > 0 else _BOTTOM

    def path(values: Sequence[float | None]) -> str:
        return _steps([None if v is None else y(v) for v in values], width)

    values = [row.value if row else None for row in rows]
    last = max(index for index, row in enumerate(rows) if row)
    return StepChart(
        line=path(values),
        band=_band(rows, y, width) if spread else "",
        floor=path([row.floor if row and (row.floor or 0) <= top else None for row in rows]),
        gaps=_gaps(rows, width),
        marks=_marks(series, y, width, label, kind, names),
        last=(round((last + 0.5) * width, 1), round(y(series.present[-1].value), 1)),
    )


def _steps(heights: Sequence[float | None], width: float) -> str:
    parts: list[str] = []
    before: float | None = None
    for index, height in enumerate(heights):
        if height is None:
            before = None
            continue
        if before is None:
            parts.append(f"M{_short(index * width)} {_short(height)}")
        elif _short(height) != _short(before):
            parts.append(f"V{_short(height)}")
        if before is not None and parts[-1].startswith("H"):
            parts.pop()
        parts.append(f"H{_short((index + 1) * width)}")
        before = height
    return "".join(parts)


def _band(rows: Sequence[Row | None], y: Callable[[float], float], width: float) -> str:
    boxes = [
        f"M{_short(index * width)} {_short(y(row.median))}h{_short(width)}"
        f"V{_short(y(row.min))}h{_short(-width)}z"
        for index, row in enumerate(rows)
        if row
    ]
    return "".join(boxes)


def _gaps(rows: Sequence[Row | None], width: float) -> tuple[tuple[float, float], ...]:
    found = []
    for missing, run in groupby(range(len(rows)), lambda index: rows[index] is None):
        indices = list(run)
        if missing:
            found.append((round(indices[0] * width, 1), round(len(indices) * width, 1)))
    return tuple(found)


def _marks(
    series: Series,
    y: Callable[[float], float],
    width: float,
    label: Callable[[float], str],
    kind: Callable[[float], str],
    names: Mapping[str, str],
) -> tuple[Mark, ...]:
    taken: list[tuple[float, float]] = []
    marks = []
    for index, change in series.marked:
        x = index * width
        words = label(change.ratio), names[change.after]
        half = (len(" ".join(words)) + 1) * _CHARACTER / 2
        at = min(max(x, half), WIDTH - half)
        # The largest changes come first, so the smaller one of two that collide goes unlabelled.
        free = 2 * half < _WIDEST and all(
            at + half < left or at - half > right for left, right in taken
        )
        if free:
            taken.append((at - half, at + half))
        y_top = y(max(change.old.value, change.new.value))
        marks.append(
            Mark(
                x=round(x, 1),
                y=round(y_top, 1),
                at=round(at, 1) if free else None,
                change=words[0],
                target=words[1],
                kind=kind(change.ratio),
            )
        )
    return tuple(marks)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


@frozen
class LogScale:
    """A logarithmic axis from one power of ten to another, both included."""

    low: int
    high: int

    @classmethod
    def over(cls, values: Sequence[float]) -> LogScale:
        """The narrowest one that holds all `values` above 0."""
        positive = [value for value in values if value > 0] or [1.0]
        low = math.floor(math.log10(min(positive)))
        return cls(low, max(low + 1, math.ceil(math.log10(max(positive)))))

    def share(self, value: float) -> float:
        """Place of `value` on the axis, 0 at its left end and 1 at its right."""
        if value <= 0:
            return 0.0
        return (math.log10(value) - self.low) / (self.high - self.low)

    @property
    def powers(self) -> list[tuple[float, str]]:
        """Place and label of each power of ten."""
        return [
            (self.share(10.0**power), f"{10.0**power:,g}")
            for power in range(self.low, self.high + 1)
        ]
