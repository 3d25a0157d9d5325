# SPDX-License-Identifier: Apache-2.0
"""From targets and settings to a benchmark: what ``ffi-cts bench`` does."""

from __future__ import annotations

import compileall
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path

import attrs

from ffi_cts import __version__
from ffi_cts.bench import place, stats
from ffi_cts.bench.admission import core_verdict
from ffi_cts.bench.cuda import launches
from ffi_cts.bench.meters import clock, driver, instructions
from ffi_cts.bench.meters.surroundings import LAYOUTS, alias
from ffi_cts.bench.model import (
    FLOORS,
    INSTRUCTIONS,
    THREADS,
    TIME,
    Benchmark,
    Counts,
    Measured,
    Operation,
    Row,
    Skip,
)
from ffi_cts.bench.settings import CUDA, Settings, choose
from ffi_cts.engine import program
from ffi_cts.errors import FfiCtsError, UsageError
from ffi_cts.library import releases
from ffi_cts.library.fetch import cache_root, verify
from ffi_cts.library.targets import Target

COLLECTIONS = (*range(LAYOUTS), 0)
"""The layout of each collection of counts. The first is seen twice: does a count repeat?"""


@attrs.frozen
class Watcher:
    """Callbacks; every one may do nothing. `step` tells of one more of `plan` steps."""

    note: Callable[[str], None] = lambda message: None
    plan: Callable[[str, int], None] = lambda what, steps: None
    step: Callable[[], None] = lambda: None


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
        self._counts: dict[tuple[str, str], dict[int, driver.Answer]] = {}
        self._times: dict[str, clock.Times] = {}
        self._cuda: dict[str, launches.CudaResult] = {}
        self._cuda_failures: dict[str, str] = {}
        self._aliases: dict[str, Path] = {}
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
            with self.ready():
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

    @contextmanager
    def ready(self) -> Iterator[None]:
        """While entered, what passed its core checks can be measured, and dies with this process.

        Raises:
            UsageError: a check can't be run, there is no room for temporary files, or a release
                is not as it was published.
            HarnessError: the core checks failed to run.
        """
        with ExitStack() as aliases, program.killing():
            self._admit()
            for target in self.measured:
                try:
                    self._aliases[target.id] = aliases.enter_context(alias(target.path))
                except OSError as error:
                    raise UsageError(
                        f"Can't make a folder for temporary files: {error}.",
                        "Set TMPDIR to a folder that can be written.",
                    ) from error
            for layer in self._layers() if self.measured else ():
                if layer == "python":
                    self._verify_packages()
                driver.prepare(layer)
            yield

    def _admit(self) -> None:
        """Run the core checks on every target, unless forced."""
        if self._settings.force:
            return
        self._watcher.plan("judging the core", len(self._targets))
        for target in self._targets:
            self._core[target.id] = core_verdict(
                target, self._settings.expect, self._settings.timeout_scale
            )
            self._watcher.step()

    def _verify_packages(self) -> None:
        """The driver imports a cached release's Python package: it must be what was published."""
        for target in self.measured:
            if target.release is not None and cache_root() in target.path.parents:
                folder = target.path.parents[2]
                verify(folder, releases.find(target.release))
                # Once for all: a driver that compiles has another heap than one that needn't.
                compileall.compile_dir(folder, quiet=2)

    def arm(self, target: Target, name: str = "") -> clock.Arm:
        """What the clock measures of a target, under a name of its own."""
        return clock.Arm(name or target.id, target.path, self._aliases[target.id])

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

    def count(self) -> None:
        """Count instructions, in as many processes at once as there are cores."""
        jobs = [
            (target, layer, number, self._request(target, layer, ops, layout))
            for layer, ops in self._layers().items()
            for target in self.measured
            for number, layout in enumerate(COLLECTIONS)
        ]
        if not jobs:
            return
        self._watcher.plan("counting instructions", len(jobs))
        pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        try:
            waiting = {
                pool.submit(instructions.count, request): (target.id, layer, number)
                for target, layer, number, request in jobs
            }
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    id, layer, number = waiting.pop(future)
                    self._counts.setdefault((id, layer), {})[number] = future.result()
                    self._watcher.step()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _request(
        self, target: Target, layer: str, ops: Sequence[Operation], layout: int
    ) -> driver.Request:
        return driver.Request(
            layer=layer,
            meter=self._settings.counter,
            library=target.path,
            alias=self._aliases[target.id],
            layout=layout,
            ops=tuple(op.name for op in ops if not op.name.startswith(THREADS)),
            patience=self._settings.patience,
        )

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
                [self.arm(target) for target in self.measured],
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

    def counted(self, target: str) -> dict[str, Counts]:
        """Counts of one target by operation."""
        found: dict[str, list[float]] = {}
        for (id, _), answers in self._counts.items():
            for _, answer in sorted(answers.items()) if id == target else ():
                for op, values in answer.samples.items():
                    found.setdefault(op, []).append(values[0])
        whole = {op for op, values in found.items() if len(values) == len(COLLECTIONS)}
        return {
            op: Counts.of(values) if op in whole else Counts(tuple(values))
            for op, values in found.items()
        }

    def broken(self, target: str) -> dict[str, str]:
        """Operations in which a target broke down while counting, and how."""
        return {
            op: why
            for (id, _), answers in self._counts.items()
            for answer in answers.values()
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
            rows += self._counted_rows(target, layer)
            skips: dict[str, str] = {}
            for answer in answers.values():
                skips.update(answer.skipped)
            broken = {
                op: why for op, why in self.broken(target).items() if op in self._names(layer)
            }
            skipped += self._skips(target, layer, INSTRUCTIONS, skips, broken)
        for layer, times in self._times.items():
            for target, rounds in times.rounds.items():
                rows += self._timed_rows(target, layer, rounds)
                skipped += self._skips(
                    target, layer, TIME, times.skipped[target], times.broken[target]
                )
        for target, result in self._cuda.items():
            for row in result.rows:
                floor = stats.quantile(row.floor_samples, 0.1)
                rows.append(stats.timed(target, row.op, CUDA, row.samples, floor))
            skipped += self._skips(target, CUDA, TIME, dict(result.skipped), {})
        for target, why in self._cuda_failures.items():
            skipped += self._skips(target, CUDA, TIME, {}, {launches.EVERY: why})
        return rows, skipped

    def _names(self, layer: str) -> list[str]:
        return [op.name for op in self._operations if op.layer == layer]

    def _counted_rows(self, target: str, layer: str) -> list[Row]:
        counts = self.counted(target)
        floor = counts.get(FLOORS[layer])
        return [
            stats.counted(target, op, layer, counts[op], floor.middle if floor else None)
            for op in self._names(layer)
            if op in counts
        ]

    def _timed_rows(self, target: str, layer: str, rounds: dict[str, list[float]]) -> list[Row]:
        floor = rounds.get(FLOORS[layer])
        bare = stats.quantile(floor, 0.1) if floor else None
        return [
            stats.timed(target, op, layer, rounds[op], bare)
            for op in self._names(layer)
            if rounds.get(op)
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
