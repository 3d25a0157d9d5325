# SPDX-License-Identifier: Apache-2.0
"""The meter that reads the clock: many short rounds, libraries and operations in random order.

On a shared machine the same code takes different times for seconds on end. So no
library is measured in one go: each round starts a process for each library, in an
order of its own, and gives one number for each operation, the least of a few samples.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from ffi_cts.bench.meters.driver import PATIENCE, Answer, Request, ask
from ffi_cts.bench.model import THREADS

SAMPLES = 20
SAMPLE_NS = {"c": 3e4, "python": 1e5}
THREADED_SAMPLE_NS = 5e5
"""Starting two threads at once costs tens of microseconds: a sample must last longer."""


@frozen
class Arm:
    """A library that takes part, and its alias; two arms may be the same library."""

    name: str
    library: Path
    alias: Path | None = None


@define
class Times:
    """Nanoseconds per iteration, one for each round, by arm and operation."""

    rounds: dict[str, dict[str, list[float]]] = field(factory=dict)
    skipped: dict[str, dict[str, str]] = field(factory=dict)
    broken: dict[str, dict[str, str]] = field(factory=dict)


def measure(
    layer: str,
    arms: Sequence[Arm],
    ops: Mapping[str, Sequence[str]],
    *,
    rounds: int,
    seed: int = 0,
    patience: float = PATIENCE,
    times: Times | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Times:
    """Measure `ops` (by arm) in `rounds` interleaved rounds.

    Names that begin with "threads2." are run by two threads. Rounds are added to
    `times`, so that whoever catches a Ctrl-C has those that were finished.
    """
    times = times if times is not None else Times()
    iterations: dict[str, int] = {}
    dice = random.Random(seed)  # noqa: S311 - an order, not a secret
    for arm in arms:
        times.rounds.setdefault(arm.name, defaultdict(list))
        times.skipped.setdefault(arm.name, {})
        times.broken.setdefault(arm.name, {})
    for _ in range(rounds):
        for arm in dice.sample(arms, len(arms)):
            known = {*times.skipped[arm.name], *times.broken[arm.name]}
            wanted = [op for op in ops[arm.name] if op not in known]
            dice.shuffle(wanted)
            for meter in ("time", "threads"):
                _round(layer, meter, arm, wanted, iterations, times, patience)
            tick()
    return times


def _round(
    layer: str,
    meter: str,
    arm: Arm,
    wanted: Sequence[str],
    iterations: dict[str, int],
    times: Times,
    patience: float,
) -> None:
    prefix = THREADS if meter == "threads" else ""
    ops = [op for op in wanted if op.startswith(THREADS) == bool(prefix)]
    if not ops:
        return
    plain = tuple(op[len(prefix) :] for op in ops)
    answer: Answer = ask(
        Request(
            layer=layer,
            meter=meter,
            library=arm.library,
            alias=arm.alias,
            ops=plain,
            samples=SAMPLES,
            patience=patience,
            sample_ns=THREADED_SAMPLE_NS if prefix else SAMPLE_NS[layer],
            # Every arm runs as many iterations as the first one was found to need.
            iterations={op: iterations[prefix + op] for op in plain if prefix + op in iterations},
        )
    )
    for op, values in answer.samples.items():
        times.rounds[arm.name][prefix + op].append(min(values))
        iterations.setdefault(prefix + op, answer.iterations[op])
    times.skipped[arm.name].update({prefix + op: why for op, why in answer.skipped.items()})
    times.broken[arm.name].update({prefix + op: why for op, why in answer.broken.items()})
