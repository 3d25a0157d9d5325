# SPDX-License-Identifier: Apache-2.0
"""The rules by which a call counts as slower. Pure functions of numbers: see docs/benchmarking.md.

Instructions decide where they were counted: they repeat exactly, so a change of a few is a
fact and not a guess. The clock sees what instructions don't (a cache miss, a lock, a
slow instruction), but only when it is quiet: an arm that measures the base a second time,
and controls that call no library, must not have moved, or the clock has no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from ffi_cts.bench.gate.model import Outcome, Reading, Round
from ffi_cts.bench.model import INSTRUCTIONS, TIME, Counts
from ffi_cts.bench.stats import quantile

MIN_SHARE = 0.01
MIN_INSTRUCTIONS = 3.0
"""A change is more than 1 % and more than 3 instructions per call."""

MIN_SLOWDOWN = 0.05
MIN_NANOSECONDS = 0.5
"""Less than 5 % or half a nanosecond is below what the clock tells apart."""

MIN_ROUNDS = 20

_COLLECTIONS = 2


def by_instructions(base: Counts, candidate: Counts) -> Reading:
    """Judge one operation by its counts.

    What a count is in one layout of memory and not in another says nothing of the library: so
    all counts of one side must lie above all of the other's, by more than what is no change. Both
    collections must say the same: counts that don't repeat decide nothing.
    """
    pairs = list(zip(base.collections, candidate.collections, strict=False))
    said = {_counted(b, c) for b, c in pairs}
    verdict, note = Outcome.UNSTABLE, "collections disagree"
    if len(said) == 1:
        verdict, note = said.pop(), ""
    if len(pairs) < _COLLECTIONS and verdict is not Outcome.SAME:
        verdict, note = Outcome.UNSTABLE, "counted once only"
    alone = _counted((base.middle, base.middle), (candidate.middle, candidate.middle))
    if verdict is Outcome.SAME and alone is not Outcome.SAME:
        note = "no more than the layout of memory moves"
    return Reading(
        meter=INSTRUCTIONS,
        base=base.middle,
        candidate=candidate.middle,
        verdict=verdict,
        note=note,
        ranges=pairs[0],
    )


def _counted(base: tuple[float, float], candidate: tuple[float, float]) -> Outcome:
    """Judge two ranges by the gap between them."""
    for low, high, outcome in (
        (base, candidate, Outcome.SLOWER),
        (candidate, base, Outcome.FASTER),
    ):
        gap = high[0] - low[1]
        # The share is one of the base, on whichever side of the gap it lies.
        if gap > MIN_INSTRUCTIONS and gap > MIN_SHARE * (low[1] if low is base else high[0]):
            return outcome
    return Outcome.SAME


def moved(base: Sequence[float], other: Sequence[float]) -> Outcome:
    """How the 10 %-quantile of `other` lies to that of `base`, both in nanoseconds."""
    low, high = quantile(base, 0.1), quantile(other, 0.1)
    change = high - low
    if abs(change) <= MIN_NANOSECONDS or abs(change) <= MIN_SLOWDOWN * low:
        return Outcome.SAME
    return Outcome.SLOWER if change > 0 else Outcome.FASTER


def suspects(collection: Round) -> list[str]:
    """Operations that moved in a collection, so that a second one must be asked."""
    return [
        op
        for op in collection.candidate
        if op in collection.base
        and moved(collection.base[op], collection.candidate[op]) is not Outcome.SAME
    ]


def by_time(op: str, collections: Sequence[Round], controls: Sequence[str]) -> Reading:
    """Judge one operation by the clock.

    `collections` are the first one and, for an operation that moved there, a second
    one. A change is said only when both agree on it; when the arm that is the base
    again, or a control, moved in either, the answer is inconclusive.
    """
    first = collections[0]
    seen = [c for c in collections if op in c.candidate and op in c.base]
    said = [moved(c.base[op], c.candidate[op]) for c in seen]
    verdict, note = Outcome.SAME, ""
    if said[0] is not Outcome.SAME:
        verdict, note = said[0], ""
        if len(said) < 2 or said[1] is not said[0]:
            verdict, note = Outcome.SAME, "not confirmed by a second collection"
    if restless := _restless(op, seen, controls):
        verdict, note = Outcome.INCONCLUSIVE, restless
    return Reading(
        meter=TIME,
        base=quantile(first.base[op], 0.1),
        candidate=quantile(first.candidate[op], 0.1),
        verdict=verdict,
        note=note,
    )


def _restless(op: str, collections: Sequence[Round], controls: Sequence[str]) -> str:
    """Why the clock can't be believed for this operation, empty if it can."""
    for collection in collections:
        again = collection.again.get(op)
        if again and moved(collection.base[op], again) is not Outcome.SAME:
            return "the base measured against itself moved"
        for control in controls:
            base = collection.base.get(control)
            for arm in (collection.candidate, collection.again):
                if base and control in arm and moved(base, arm[control]) is not Outcome.SAME:
                    return f"{control} moved, which calls no library"
    return ""


def overall(instructions: Reading | None, time: Reading | None) -> Outcome:
    """One verdict from both meters: counts decide, and the clock adds what they don't see."""
    if instructions is None:
        return time.verdict if time is not None else Outcome.BROKEN
    if instructions.verdict is not Outcome.SAME or time is None:
        return instructions.verdict
    return time.verdict if time.verdict in (Outcome.SLOWER, Outcome.FASTER) else Outcome.SAME
