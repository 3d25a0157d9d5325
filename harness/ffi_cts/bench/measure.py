# SPDX-License-Identifier: Apache-2.0
"""From targets and settings to a benchmark: what ``ffi-cts bench`` does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timezone

import attrs

from ffi_cts import __version__
from ffi_cts.bench import place, stats
from ffi_cts.bench.admission import core_verdict
from ffi_cts.bench.cuda import launches
from ffi_cts.bench.meters import clock, driver, instructions
from ffi_cts.bench.model import (
    FLOORS,
    INSTRUCTIONS,
    THREADS,
    TIME,
    Benchmark,
    Measured,
    Operation,
    Row,
    Skip,
)
from ffi_cts.errors import FfiCtsError, UsageError
from ffi_cts.globs import fits_any
from ffi_cts.library.targets import Target

CUDA = "cuda"
COUNTERS = {"callgrind": instructions.CALLGRIND, "hardware": instructions.COUNTER}
COLLECTIONS = 2
"""Counts are taken twice, so that a count that doesn't repeat is seen."""


@attrs.frozen(kw_only=True)
class Settings:
    """What is measured, and how.

    `only` are globs on names of operations, `layers` some of model.LAYERS. `contended`
    adds what two threads run at once. `force` measures without judging first. `counter`
    counts instructions.
    """

    meters: tuple[str, ...] = (INSTRUCTIONS, TIME)
    layers: tuple[str, ...] = ("c", "python")
    only: tuple[str, ...] = ()
    contended: bool = True
    rounds: int = 30
    seed: int = 0
    force: bool = False
    expect: str | None = None
    counter: str = instructions.CALLGRIND
    timeout_scale: float = 1.0

    @property
    def patience(self) -> float:
        """Seconds without a word from a library after which it is taken for hung."""
        return driver.PATIENCE * self.timeout_scale


@attrs.frozen
class Watcher:
    """Callbacks; every one may do nothing. `step` tells of one more of `plan` steps."""

    note: Callable[[str], None] = lambda message: None
    plan: Callable[[str, int], None] = lambda what, steps: None
    step: Callable[[], None] = lambda: None


def choose(settings: Settings) -> list[Operation]:
    """Operations that `settings` ask for, controls always among them.

    Raises:
        UsageError: `only` fits no operation.
    """
    found: list[Operation] = []
    for layer in settings.layers:
        for operation in _operations(layer):
            found.append(operation)
            if operation.shared and settings.contended:
                found.append(
                    attrs.evolve(
                        operation,
                        name=THREADS + operation.name,
                        says=f"{operation.says}; two threads at once",
                        shared=False,
                    )
                )
    if not settings.only:
        return found
    chosen = [op for op in found if fits_any(op.name, settings.only)]
    if not chosen:
        raise UsageError(
            f"--only {' --only '.join(settings.only)} fits no operation.",
            "`ffi-cts bench --list` prints their names.",
        )
    layers = {op.layer for op in chosen}
    return [op for op in found if op in chosen or (op.control and op.layer in layers)]


def _operations(layer: str) -> Sequence[Operation]:
    if layer == CUDA:
        return [Operation(name, CUDA, says) for name, says in launches.OPERATIONS.items()]
    return driver.operations(layer)


class Measurement:
    """Measures, and keeps what it has when it is interrupted."""

    def __init__(
        self, targets: Sequence[Target], settings: Settings, watcher: Watcher | None = None
    ) -> None:
        self._targets = list(targets)
        self._settings = settings
        self._watcher = watcher or Watcher()
        self._operations = choose(settings)
        self._clock = time.monotonic()
        self._started = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self._core: dict[str, str] = {}
        self._counts: dict[tuple[str, str], list[driver.Answer]] = {}
        self._times: dict[str, clock.Times] = {}
        self._cuda: dict[str, launches.CudaResult] = {}
        self._cuda_failures: dict[str, str] = {}
        self.interrupted = False

    def run(self) -> Benchmark:
        """Measure. Ctrl-C ends it early, with what was measured until then.

        Raises:
            UsageError: a meter doesn't work here, or a library can't be loaded.
            HarnessError: a driver is broken.
        """
        counter = self._settings.counter if INSTRUCTIONS in self._settings.meters else None
        here = place.describe(counter)
        try:
            with driver.killing():
                self.admit()
                self.prepare()
                if INSTRUCTIONS in self._settings.meters:
                    self.count()
                if TIME in self._settings.meters:
                    self.time()
                    self.time_cuda()
        except KeyboardInterrupt:
            self.interrupted = True
        rows, skipped = self._sum_up()
        return Benchmark(
            suite=__version__,
            machine=here,
            session=place.session(),
            started=self._started,
            seconds=round(time.monotonic() - self._clock, 3),
            interrupted=self.interrupted,
            targets=tuple(
                Measured(
                    id=target.id,
                    path=str(target.path),
                    sha256=target.sha256,
                    core=self._core.get(target.id, "not judged"),
                )
                for target in self._targets
            ),
            operations=tuple(self._operations),
            results=tuple(rows),
            skipped=tuple(skipped),
        )

    def admit(self) -> None:
        """Run the core checks on every target, unless forced."""
        if self._settings.force:
            return
        self._watcher.plan("judging the core", len(self._targets))
        for target in self._targets:
            self._core[target.id] = core_verdict(
                target, self._settings.expect, self._settings.timeout_scale
            )
            self._watcher.step()

    @property
    def measured(self) -> list[Target]:
        """Targets that get numbers: those that keep the core of the contract."""
        good = ("conformant", "not judged")
        return [t for t in self._targets if self._core.get(t.id, "not judged") in good]

    def _layers(self) -> dict[str, list[Operation]]:
        """Operations of the layers that a driver measures."""
        return {
            layer: ops
            for layer in self._settings.layers
            if layer != CUDA and (ops := [op for op in self._operations if op.layer == layer])
        }

    def prepare(self) -> None:
        """Have the drivers build what they need."""
        for layer in self._layers() if self.measured else ():
            driver.prepare(layer)

    def count(self) -> None:
        """Count instructions, in as many processes at once as there are cores."""
        jobs = [
            (target, layer, [op.name for op in ops if not op.name.startswith(THREADS)])
            for layer, ops in self._layers().items()
            for target in self.measured
            for _ in range(COLLECTIONS)
        ]
        if not jobs:
            return
        self._watcher.plan("counting instructions", len(jobs))
        pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        try:
            waiting: dict[Future[driver.Answer], tuple[str, str]] = {
                pool.submit(
                    instructions.count, layer, target.path, names, self._settings.counter
                ): (
                    target.id,
                    layer,
                )
                for target, layer, names in jobs
            }
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    self._counts.setdefault(waiting.pop(future), []).append(future.result())
                    self._watcher.step()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def time(self) -> None:
        """Read the clock, one process at a time."""
        layers = self._layers()
        if not layers:
            return
        rounds = {layer: self._rounds(layer) for layer in layers}
        self._watcher.plan("timing", sum(rounds.values()) * len(self.measured))
        for layer, ops in layers.items():
            self._times[layer] = clock.Times()
            clock.measure(
                layer,
                [clock.Arm(target.id, target.path) for target in self.measured],
                {target.id: [op.name for op in ops] for target in self.measured},
                rounds=rounds[layer],
                seed=self._settings.seed,
                patience=self._settings.patience,
                times=self._times[layer],
                tick=self._watcher.step,
            )

    def time_cuda(self) -> None:
        """Measure CUDA launches, where there is a compiler and a device."""
        wanted = {op.name for op in self._operations if op.layer == CUDA}
        if not wanted:
            return
        self._watcher.plan("launching CUDA kernels", len(self.measured))
        for target in self.measured:
            try:
                self._cuda[target.id] = launches.measure(
                    target.path, rounds=self._settings.rounds, only=wanted.__contains__
                )
            except FfiCtsError as error:  # what was measured before stays good
                self._cuda_failures[target.id] = str(error)
            self._watcher.step()

    def _rounds(self, layer: str) -> int:
        # A round of Python starts an interpreter, and perhaps torch.
        return self._settings.rounds if layer == "c" else max(1, self._settings.rounds // 3)

    def counted(self, target: str) -> dict[str, list[float]]:
        """Counts of one target, one of each collection, by operation."""
        found: dict[str, list[float]] = {}
        for (id, _), answers in self._counts.items():
            for answer in answers if id == target else ():
                for op, values in answer.samples.items():
                    found.setdefault(op, []).append(values[0])
        return found

    def broken(self, target: str) -> dict[str, str]:
        """Operations in which a target broke down while counting, and how."""
        return {
            op: why
            for (id, _), answers in self._counts.items()
            for answer in answers
            for op, why in answer.broken.items()
            if id == target
        }

    @property
    def cores(self) -> dict[str, str]:
        """Verdict of the core checks by target."""
        return self._core

    @property
    def operations(self) -> list[Operation]:
        """What is measured."""
        return self._operations

    def _sum_up(self) -> tuple[list[Row], list[Skip]]:
        rows: list[Row] = []
        skipped: list[Skip] = []
        for (target, layer), answers in sorted(self._counts.items()):
            rows += self._rows(target, layer, INSTRUCTIONS, self.counted(target))
            for answer in answers[:1]:
                skipped += self._skips(target, layer, INSTRUCTIONS, answer.skipped, answer.broken)
        for layer, times in self._times.items():
            for target, rounds in times.rounds.items():
                rows += self._rows(target, layer, TIME, rounds)
                skipped += self._skips(
                    target, layer, TIME, times.skipped[target], times.broken[target]
                )
        for target, result in self._cuda.items():
            for row in result.rows:
                floor = stats.quantile(row.floor_samples, 0.1)
                rows.append(stats.row(target, row.op, CUDA, TIME, row.samples, floor))
            skipped += self._skips(target, CUDA, TIME, dict(result.skipped), {})
        for target, why in self._cuda_failures.items():
            skipped += self._skips(target, CUDA, TIME, {}, {launches.EVERY: why})
        return rows, skipped

    def _rows(
        self, target: str, layer: str, meter: str, values: dict[str, list[float]]
    ) -> list[Row]:
        floor = values.get(FLOORS[layer])
        bare = stats.quantile(floor, 0.1) if floor else None
        return [
            stats.row(target, op.name, layer, meter, values[op.name], bare)
            for op in self._operations
            if op.layer == layer and values.get(op.name)
        ]

    @staticmethod
    def _skips(
        target: str, layer: str, meter: str, skipped: dict[str, str], broken: dict[str, str]
    ) -> list[Skip]:
        return [
            Skip(target=target, op=op, layer=layer, meter=meter, reason=why, broken=bad)
            for found, bad in ((skipped, False), (broken, True))
            for op, why in sorted(found.items())
        ]


def exit_code(benchmark: Benchmark) -> int:
    """Exit code of ``ffi-cts bench``, as `ffi-cts --help` lists them."""
    if benchmark.interrupted or any(skip.broken for skip in benchmark.skipped):
        return 3
    verdicts = {target.core for target in benchmark.targets}
    if "incomplete" in verdicts:
        return 3
    if "nonconformant" in verdicts:
        return 1
    controls = {op.name for op in benchmark.operations if op.control}
    return 0 if any(row.op not in controls for row in benchmark.results) else 4
