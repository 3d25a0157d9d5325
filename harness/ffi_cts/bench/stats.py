# SPDX-License-Identifier: Apache-2.0
"""The few statistics that a benchmark reports."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

import attrs

from ffi_cts.bench.model import INSTRUCTIONS, TIME, Counts, Row


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie, between the two nearest ones."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def spread(values: Sequence[float]) -> float:
    """Coefficient of variation: standard deviation over mean, 0 for fewer than two values."""
    mean = statistics.fmean(values)
    return statistics.stdev(values) / mean if len(values) > 1 and mean > 0 else 0.0


def geometric_mean(values: Iterable[float]) -> float:
    """The mean of ratios."""
    return statistics.geometric_mean(values)


def timed(target: str, op: str, layer: str, rounds: Sequence[float], floor: float | None) -> Row:
    """Sum up what the rounds of one operation gave, in nanoseconds."""
    return _row(target, op, layer, TIME, rounds, quantile(rounds, 0.1), floor)


def counted(target: str, op: str, layer: str, counts: Counts, floor: float | None) -> Row:
    """Sum up what the layouts gave for one operation, in instructions."""
    found = _row(target, op, layer, INSTRUCTIONS, counts.layouts, counts.middle, floor)
    return attrs.evolve(found, counts=counts.values)


def _row(
    target: str,
    op: str,
    layer: str,
    meter: str,
    values: Sequence[float],
    value: float,
    floor: float | None,
) -> Row:
    return Row(
        target=target,
        op=op,
        layer=layer,
        meter=meter,
        value=value,
        min=min(values),
        q10=quantile(values, 0.1),
        median=statistics.median(values),
        cv=round(spread(values), 6),
        n=len(values),
        floor=floor,
    )
