# SPDX-License-Identifier: Apache-2.0
"""Values of a comparison: what is said of each operation, and of which two libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import field, frozen

from ffi_cts.bench.model import Place


class Outcome(str, Enum):
    """What is said of one operation."""

    SAME = "same"
    SLOWER = "slower"
    FASTER = "faster"
    ACCEPTED = "accepted"
    UNSTABLE = "unstable"
    INCONCLUSIVE = "inconclusive"
    GONE = "gone"
    NEW = "new"
    BROKEN = "broken"


@frozen(kw_only=True)
class Reading:
    """One operation on one meter: `base` and `candidate` in the meter's unit.

    `ranges` are the least and the largest count of each side over the layouts of memory,
    None where the meter knows none.
    """

    meter: str
    base: float
    candidate: float
    verdict: Outcome
    note: str = ""
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None

    @property
    def ratio(self) -> float:
        """Candidate over base; 1 where the base is 0."""
        return self.candidate / self.base if self.base > 0 else 1.0


@frozen
class Round:
    """One collection by the clock: nanoseconds of each round, by operation, for each arm."""

    base: Mapping[str, Sequence[float]]
    again: Mapping[str, Sequence[float]]
    candidate: Mapping[str, Sequence[float]]


@frozen(kw_only=True)
class Change:
    """What is said of one operation, and the readings behind it."""

    op: str
    layer: str
    says: str
    verdict: Outcome
    instructions: Reading | None = None
    time: Reading | None = None
    note: str = ""

    @property
    def readings(self) -> list[Reading]:
        """The readings that there are."""
        return [reading for reading in (self.instructions, self.time) if reading is not None]

    @property
    def ratio(self) -> float:
        """Candidate over base on the meter that decides."""
        for reading in self.readings:
            if reading.verdict in (Outcome.SLOWER, Outcome.FASTER):
                return reading.ratio
        return self.readings[0].ratio if self.readings else 1.0


@frozen(kw_only=True)
class Side:
    """One side of a comparison."""

    id: str
    path: str
    sha256: str
    core: str


@frozen(kw_only=True)
class Comparison:
    """Everything that one comparison found out."""

    suite: str
    machine: Place
    base: Side
    candidate: Side
    meters: tuple[str, ...]
    rounds: int
    seconds: float
    interrupted: bool
    changes: tuple[Change, ...]
    stale: tuple[str, ...] = field(default=())

    def having(self, *wanted: Outcome) -> list[Change]:
        """Changes with one of these verdicts, the largest first."""
        found = [change for change in self.changes if change.verdict in wanted]
        return sorted(found, key=lambda change: -abs(change.ratio - 1))

    @property
    def compared(self) -> int:
        """Operations that were measured on both sides."""
        return sum(bool(change.readings) for change in self.changes)

    def exit_code(self, gate: bool) -> int:
        """Exit code, as `ffi-cts --help` lists them; a slower call only counts with `gate`."""
        cores = {self.base.core, self.candidate.core}
        if "nonconformant" in cores:
            return 1
        if self.interrupted or "incomplete" in cores or self.having(Outcome.BROKEN):
            return 3
        if not self.compared:
            return 4
        if gate and self.having(Outcome.SLOWER):
            return 1
        undecided = self.having(Outcome.UNSTABLE, Outcome.INCONCLUSIVE)
        return 3 if gate and undecided else 0
