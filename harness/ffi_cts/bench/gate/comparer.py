# SPDX-License-Identifier: Apache-2.0
"""Whether a candidate's calls got slower than a base's: what ``ffi-cts compare`` does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import attrs

from ffi_cts import __version__
from ffi_cts.bench import place, store
from ffi_cts.bench.gate import accepted, rules
from ffi_cts.bench.gate.model import Change, Comparison, Outcome, Reading, Round, Side
from ffi_cts.bench.measure import Measurement, Watcher
from ffi_cts.bench.meters import clock
from ffi_cts.bench.model import INSTRUCTIONS, TIME, Benchmark, Counts, Operation, Place, Row
from ffi_cts.bench.settings import Settings
from ffi_cts.bench.targets import find
from ffi_cts.errors import UsageError
from ffi_cts.library.targets import Target, expand

_BASE, _AGAIN, _CANDIDATE = "base", "base again", "candidate"


@attrs.define
class _Samples:
    """What one side gave: counts by operation, and the operations that failed."""

    counts: dict[str, Counts] = attrs.field(factory=dict)
    broken: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Plan:
    """What to compare: two words of the command line, each a target or a saved file."""

    base: str
    candidate: str
    settings: Settings
    accept: Path | None = None


class Comparer:
    """Measures both sides and judges every operation.

    `collections` are what its clock read: the first collection, and a second one of
    what moved in it.
    """

    def __init__(self, plan: Plan, watcher: Watcher | None = None) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._watcher = watcher or Watcher()
        self._accepted = accepted.load(plan.accept) if plan.accept is not None else ()
        self._clock = time.monotonic()
        self._targets: dict[str, Target] = {}
        self._saved: dict[str, Benchmark] = {}
        self._measurement: Measurement | None = None
        self.collections: list[Round] = []
        self._broken_in_time: dict[str, dict[str, str]] = {_BASE: {}, _CANDIDATE: {}}
        self.interrupted = False

    def run(self) -> Comparison:
        """Compare. Ctrl-C ends it early, with what was measured until then.

        Raises:
            UsageError: a side can't be used, or was measured elsewhere.
            HarnessError: a driver is broken.
        """
        counted = INSTRUCTIONS in self._settings.meters
        here = place.describe(self._settings.counter if counted else None)
        self._find(here)
        self._measurement = Measurement(list(self._targets.values()), self._settings, self._watcher)
        try:
            with self._measurement.ready():
                if len(self._measurement.measured) == len(self._targets):
                    if counted:
                        self._measurement.count()
                    if TIME in self._settings.meters and len(self._targets) == 2:
                        self._time()
        except KeyboardInterrupt:
            self.interrupted = True
        changes = self._changes()
        return Comparison(
            suite=__version__,
            machine=here,
            base=self._side(_BASE),
            candidate=self._side(_CANDIDATE),
            meters=self._settings.meters,
            rounds=self._settings.rounds,
            seconds=round(time.monotonic() - self._clock, 3),
            interrupted=self.interrupted,
            changes=tuple(changes),
            stale=self._stale(changes),
        )

    # Where the two sides come from.

    def _find(self, here: Place) -> None:
        words = {_BASE: self._plan.base, _CANDIDATE: self._plan.candidate}
        if (
            any(w.endswith(".json") for w in words.values())
            and INSTRUCTIONS not in self._settings.meters
        ):
            raise UsageError(
                "Times of a saved file can't be compared: both libraries must be measured in "
                "interleaved rounds.",
                "Give two targets, or compare by --meter instructions.",
            )
        live = []
        for side, word in words.items():
            if word.endswith(".json"):
                self._saved[side] = _load(Path(word), here)
            elif len(expand([word])) > 1:
                raise UsageError(
                    f"{word!r} means several releases, and a comparison has two sides.",
                    "Name one for each side; `ffi-cts bench` measures any number of targets.",
                )
            else:
                live.append(side)
        for side, target in zip(
            live, find([words[s] for s in live], self._watcher.note), strict=True
        ):
            self._targets[side] = target

    def _side(self, side: str) -> Side:
        if side in self._targets:
            target = self._targets[side]
            assert self._measurement is not None
            core = self._measurement.cores.get(target.id, "not judged")
            return Side(id=target.id, path=str(target.path), sha256=target.sha256, core=core)
        measured = self._saved[side].targets[self._index(side)]
        return Side(id=measured.id, path=measured.path, sha256=measured.sha256, core=measured.core)

    def _index(self, side: str) -> int:
        """Which target of a saved file: of one file given twice, the first and the last."""
        return -1 if side == _CANDIDATE else 0

    def _samples(self, side: str) -> _Samples:
        assert self._measurement is not None
        if side in self._targets:
            id = self._targets[side].id
            return _Samples(
                counts=self._measurement.counted(id),
                broken={**self._measurement.broken(id), **self._broken_in_time[side]},
            )
        saved = self._saved[side]
        id = saved.targets[self._index(side)].id
        rows = saved.rows(INSTRUCTIONS, id)
        return _Samples(
            counts={op: Counts.of(row.counts or _two(row)) for op, row in rows.items()},
            broken={s.op: s.reason for s in saved.skipped if s.broken and s.target == id},
        )

    # The clock.

    def _time(self) -> None:
        measurement = self._measurement
        assert measurement is not None
        self._watcher.plan("timing", self._settings.rounds * 3)
        self._collect(measurement.operations, seed=self._settings.seed)
        suspects = set(rules.suspects(self.collections[0]))
        if suspects:
            again = [op for op in measurement.operations if op.control or op.name in suspects]
            self._watcher.plan("timing again what moved", self._settings.rounds * 3)
            self._collect(again, seed=self._settings.seed + 1)

    def _collect(self, operations: Sequence[Operation], seed: int) -> None:
        measurement = self._measurement
        assert measurement is not None
        arms = [
            measurement.arm(self._targets[_BASE], _BASE),
            measurement.arm(self._targets[_BASE], _AGAIN),
            measurement.arm(self._targets[_CANDIDATE], _CANDIDATE),
        ]
        found: dict[str, dict[str, list[float]]] = {arm.name: {} for arm in arms}
        for layer in dict.fromkeys(op.layer for op in operations):
            names = [op.name for op in operations if op.layer == layer]
            times = clock.measure(
                layer,
                arms,
                {arm.name: names for arm in arms},
                rounds=self._settings.rounds,
                seed=seed,
                patience=self._settings.patience,
                tick=self._watcher.step,
            )
            for arm, rounds in times.rounds.items():
                found[arm].update(rounds)
            for side in (_BASE, _CANDIDATE):
                self._broken_in_time[side].update(times.broken[side])
        self.collections.append(Round(found[_BASE], found[_AGAIN], found[_CANDIDATE]))

    # The answer.

    def _changes(self) -> list[Change]:
        measurement = self._measurement
        assert measurement is not None
        base, candidate = self._samples(_BASE), self._samples(_CANDIDATE)
        controls = [op.name for op in measurement.operations if op.control]
        found = []
        for op in measurement.operations:
            if op.control:
                continue
            change = self._change(op, base, candidate, controls)
            if change is not None:
                found.append(self._accept(change))
        return found

    def _change(
        self, op: Operation, base: _Samples, candidate: _Samples, controls: Sequence[str]
    ) -> Change | None:
        for name, side in (("base", base), ("candidate", candidate)):
            if op.name in side.broken:
                note = f"{name}: {side.broken[op.name]}"
                return _said(op, Outcome.BROKEN, note=note)
        counts = base.counts.get(op.name), candidate.counts.get(op.name)
        first = self.collections[0] if self.collections else None
        times = (
            bool(first and first.base.get(op.name)),
            bool(first and first.candidate.get(op.name)),
        )
        has_base, has_candidate = bool(counts[0]) or times[0], bool(counts[1]) or times[1]
        if not has_base and not has_candidate:
            return None
        if not has_candidate:
            return _said(op, Outcome.GONE, note="the candidate lacks it")
        if not has_base:
            return _said(op, Outcome.NEW, note="the base lacks it")
        counted = rules.by_instructions(counts[0], counts[1]) if counts[0] and counts[1] else None
        timed = rules.by_time(op.name, self.collections, controls) if all(times) else None
        return _said(op, rules.overall(counted, timed), counted, timed)

    def _accept(self, change: Change) -> Change:
        if change.verdict is not Outcome.SLOWER:
            return change
        entry = accepted.find(self._accepted, change.op, change.ratio, date.today())
        if entry is None:
            return change
        return attrs.evolve(change, verdict=Outcome.ACCEPTED, note=entry.reason)

    def _stale(self, changes: Sequence[Change]) -> tuple[str, ...]:
        """Entries of the accepted file that accepted nothing."""
        today = date.today()
        return tuple(
            entry.op
            for entry in self._accepted
            if not any(
                change.verdict is Outcome.ACCEPTED and entry.covers(change.op, change.ratio, today)
                for change in changes
            )
        )


def _two(row: Row) -> tuple[float, ...]:
    """Counts of a file that has none: a least one, and one that lies as far above the middle."""
    return (row.min,) if row.n == 1 else (row.min, 2 * row.median - row.min)


def _said(
    op: Operation,
    verdict: Outcome,
    instructions: Reading | None = None,
    time: Reading | None = None,
    note: str = "",
) -> Change:
    return Change(
        op=op.name,
        layer=op.layer,
        says=op.says,
        verdict=verdict,
        instructions=instructions,
        time=time,
        note=note,
    )


def _load(path: Path, here: Place) -> Benchmark:
    saved = store.read(path)
    if saved.suite != __version__:
        raise UsageError(
            f"{path} was measured by ffi-cts {saved.suite}, this is {__version__}: the two may "
            "measure different things.",
            "Measure again, base and candidate with one version.",
        )
    if saved.machine.id != here.id:
        raise UsageError(
            f"{path} was measured on another machine ({saved.machine.cpu}, "
            f"{saved.machine.system}, {saved.machine.counter}); this one is {here.cpu}, "
            f"{here.system}, {here.counter}. Counts of two machines can't be compared.",
            "Measure base and candidate in one job.",
        )
    if not saved.targets or not any(row.meter == INSTRUCTIONS for row in saved.results):
        raise UsageError(
            f"{path} has no counted instructions.", "Measure again with --meter instructions."
        )
    return saved
