# SPDX-License-Identifier: Apache-2.0
"""Values of a benchmark: what can be measured, what was, and on which machine."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from attrs import field, frozen

INSTRUCTIONS = "instructions"
TIME = "time"
METERS = (INSTRUCTIONS, TIME)
UNITS = {INSTRUCTIONS: "instructions", TIME: "ns"}
LAYERS = ("c", "python", "cuda")
FLOORS = {"c": "control.indirect_call", "python": "python.floor_3"}
"""The operation of each layer that costs what nobody can save; cuda has a floor for each."""
THREADS = "threads2."
"""What the name of an operation begins with when two threads run it at once."""


@frozen
class Operation:
    """Something that can be measured: `name` by topic, `says` what one iteration does.

    A `control` never calls the library: when it moves, the machine moved. A
    `shared` one can run from two threads at once.
    """

    name: str
    layer: str
    says: str
    needs: tuple[str, ...] = ()
    control: bool = False
    shared: bool = False


@frozen
class Counts:
    """Instructions of one operation: one count in each layout of memory, and one more.

    `again` is what the first layout gave in a second collection, None if there was none.
    """

    layouts: tuple[float, ...]
    again: float | None = None

    @classmethod
    def of(cls, values: Sequence[float]) -> Counts:
        """From the counts in the order in which they are saved: the second collection comes last.

        Raises ValueError if there is none.
        """
        *layouts, last = values
        return cls(tuple(layouts), last) if layouts else cls((last,))

    @property
    def values(self) -> tuple[float, ...]:
        """All of them, in the order that `of` takes."""
        return self.layouts if self.again is None else (*self.layouts, self.again)

    @property
    def middle(self) -> float:
        """The count that half of the layouts don't exceed."""
        return statistics.median_low(self.layouts)

    @property
    def collections(self) -> tuple[tuple[float, float], ...]:
        """The least and the largest count: with the first layout's first count, and its second."""
        first = (min(self.layouts), max(self.layouts))
        if self.again is None:
            return (first,)
        second = (self.again, *self.layouts[1:])
        return first, (min(second), max(second))


@frozen(kw_only=True)
class Row:
    """One measured number, per iteration of `op`, in instructions or nanoseconds.

    `value` is the one to look at: the count that half of the layouts of memory don't
    exceed, or the 10 %-quantile of the rounds. `n` rounds (layouts, for instructions)
    gave `min`, `q10`, `median` and the coefficient of variation `cv`. `floor` is the bare
    call through a pointer on the same meter, None where that was not measured. `counts`
    are those of a `Counts`, empty for time.
    """

    target: str
    op: str
    layer: str
    meter: str
    value: float
    min: float
    q10: float
    median: float
    cv: float
    n: int
    floor: float | None
    counts: tuple[float, ...] = ()


@frozen(kw_only=True)
class Skip:
    """An operation without a number, and why. `broken` where the library is to blame."""

    target: str
    op: str
    layer: str
    meter: str
    reason: str
    broken: bool = False


@frozen(kw_only=True)
class Measured:
    """A library that was measured. `core` is the verdict of its quick core run."""

    id: str
    path: str
    sha256: str
    core: str


@frozen(kw_only=True)
class Place:
    """Where the numbers hold. Two files are comparable when their `id` is the same."""

    id: str
    cpu: str
    features: tuple[str, ...]
    cores: int
    system: str
    python: str
    counter: str


@frozen(kw_only=True)
class Benchmark:
    """Everything that one command measured."""

    suite: str
    machine: Place
    session: str
    started: str
    seconds: float
    interrupted: bool
    targets: tuple[Measured, ...]
    operations: tuple[Operation, ...]
    results: tuple[Row, ...]
    skipped: tuple[Skip, ...] = field(default=())

    def rows(self, meter: str, target: str) -> dict[str, Row]:
        """Rows of one target on one meter, by operation."""
        return {r.op: r for r in self.results if r.meter == meter and r.target == target}
