# SPDX-License-Identifier: Apache-2.0
"""The CUDA part of the benchmark: what a launch through the FFI costs, and what it costs without.

The library under test is loaded by a host program, and for torch by a Python process, both of
them children of this one; see docs/cuda.md for what they measure.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ffi_cts.bench.cuda.build import Programs, build, find_nvcc
from ffi_cts.bench.cuda.fatbin import architectures
from ffi_cts.bench.meters.surroundings import environment
from ffi_cts.engine import program
from ffi_cts.errors import FfiCtsError, HarnessError, UsageError
from ffi_cts.library.elf import inspect_library
from ffi_cts.library.fetch import cache_root

__all__ = ["EVERY", "OPERATIONS", "CudaResult", "CudaRow", "architectures", "measure"]

FROM_TORCH = "cuda.from_torch"
HOST_OPERATIONS = {
    "cuda.call_noop": "FunctionCall of an empty host function of a CUDA module",
    "cuda.enqueue_noop": "a call that enqueues an empty kernel on the current stream",
    "cuda.enqueue_scale": "a call that enqueues a small kernel over a tensor",
    "cuda.device_noop": "the device's time for an empty kernel",
    "cuda.device_scale": "the device's time for a small kernel over a tensor",
    "cuda.graph_replay": "replay of a graph that captured such a call",
    "cuda.stream_switch": "EnvSetStream to the other of two streams, and a launch there",
}
OPERATIONS = {
    **HOST_OPERATIONS,
    FROM_TORCH: "a torch tensor through DLPack, and a launch over it",
}
"""What one iteration of each operation does."""
EVERY = "cuda.*"
"""Stands for all operations where a reason to skip concerns them all."""

# Far below the number of launches that a stream takes before it makes the caller wait, and low
# enough for a float32 that every launch doubles.
_BATCH = 100
_SECONDS = 180.0
_SECONDS_PER_ROUND = 1.0
_OUTPUT = 16 << 20
"""Bytes of results: a thousand rounds of every operation take a fiftieth of it."""


@dataclass(frozen=True)
class CudaRow:
    """One operation: nanoseconds for each call, one number for each round.

    ``floor_samples`` are the same work by plain CUDA, taken in turn with ``samples``.
    """

    op: str
    samples: tuple[float, ...]
    floor_samples: tuple[float, ...]


@dataclass(frozen=True)
class CudaResult:
    """What was measured, and (operation or ``EVERY``, reason) for what was not."""

    rows: tuple[CudaRow, ...]
    skipped: tuple[tuple[str, str], ...]


def measure(library: Path, *, rounds: int, only: Callable[[str], bool]) -> CudaResult:
    """Measure the operations that ``only`` wants on the implementation ``library``.

    Args:
        library: the file of the runtime; loaded in child processes only.
        rounds: samples of each operation, at least 1.
        only: whether the operation of that name is wanted.

    Raises:
        UsageError: the library can't be an implementation, or ``rounds`` is below 1.
        HarnessError: nvcc fails, or a child gives no result that can be read.
        FfiCtsError: CUDA or the library fails; the message names the call and its code.
    """
    if rounds < 1:
        raise UsageError(f"{rounds} rounds measure nothing.", "Give a number of at least 1.")
    wanted = [name for name in OPERATIONS if only(name)]
    if not wanted:
        return CudaResult((), ())
    inspect_library(library)
    nvcc = find_nvcc()
    if nvcc is None:
        return CudaResult((), ((EVERY, "there is no nvcc: not on the PATH, nor in CUDA_HOME"),))
    return measure_with(build(nvcc, cache_root()), library, rounds, wanted)


def measure_with(
    programs: Programs, library: Path, rounds: int, wanted: Sequence[str], batch: int = _BATCH
) -> CudaResult:
    """Measure with programs that are built already; ``batch`` is the launches in one sample."""
    arguments = [str(library.absolute()), str(programs.module), str(rounds), str(batch)]
    host = [name for name in wanted if name in HOST_OPERATIONS]
    result = CudaResult((), ())
    if host:
        output = _run([str(programs.host), *arguments, *host], programs, library, rounds)
        result = _read(output, library, host, rounds)
    # What keeps the host program from measuring keeps torch too.
    if FROM_TORCH in wanted and not result.skipped:
        command = [sys.executable, "-m", "ffi_cts.bench.cuda.torch", *arguments]
        output = _run(command, programs, library, rounds)
        torch = _read(output, library, [FROM_TORCH], rounds)
        result = CudaResult(result.rows + torch.rows, torch.skipped)
    return result


def _environment() -> dict[str, str]:
    # With blocking launches nothing could be enqueued behind a closed gate.
    return {k: v for k, v in environment().items() if k != "CUDA_LAUNCH_BLOCKING"}


def _run(command: Sequence[str], programs: Programs, library: Path, rounds: int) -> str:
    """Run a child that loads the library, and give what it wrote on its standard output."""
    ending = program.run(
        command,
        seconds=_SECONDS + _SECONDS_PER_ROUND * rounds,
        env=_environment(),
        # `-m` imports from the working directory first: one that holds nothing to import.
        cwd=programs.host.parent,
        head=_OUTPUT,
    )
    if not ending.succeeded:
        raise _failure(library, ending)
    return ending.output


def _failure(library: Path, ending: program.Ending) -> FfiCtsError:
    lines = ending.errors.splitlines()
    steps = [line for line in lines if line.startswith("measuring ")]
    where = f" while {steps[-1]}" if steps else ""
    last = f" Its last words: {lines[-1]!r}." if lines and steps[-1:] != lines[-1:] else ""
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    subject = f"{library}: the CUDA benchmark"
    match ending.how:
        case program.TimedOut(seconds):
            return FfiCtsError(
                f"{subject} did not end within {seconds:.0f} s.",
                "Another program may keep the GPU busy; try again, with fewer rounds.",
            )
        case program.Exited() if errors:
            return FfiCtsError(f"{subject} failed: {errors[-1]}.")
        case program.Exited(code):
            return FfiCtsError(f"{subject} exited with {code}{where}.{last}")
        case program.Stopped():
            return FfiCtsError(f"{subject} was stopped{where}.")
        case how:
            return FfiCtsError(f"{subject} was {how}{where}.{last}")


def _read(output: str, library: Path, wanted: Sequence[str], rounds: int) -> CudaResult:
    """What the child's lines say of the operations that it was told to measure."""
    try:
        lines: list[Mapping[str, object]] = [json.loads(line) for line in output.splitlines()]
        reasons = [str(line["skip"]) for line in lines if "skip" in line]
        rows = tuple(_row(line, rounds) for line in lines if "skip" not in line)
    except (ValueError, KeyError, TypeError) as error:
        raise HarnessError(
            f"The CUDA benchmark gave no result that can be read: {error}."
        ) from error
    if reasons:
        name = FROM_TORCH if list(wanted) == [FROM_TORCH] else EVERY
        return CudaResult((), tuple((name, reason) for reason in reasons))
    lost = [name for name in wanted if name not in {row.op for row in rows}]
    if lost:
        # It said that all is well: the library has ended the process.
        raise FfiCtsError(f"{library}: the CUDA benchmark ended without a result of {lost[0]}.")
    return CudaResult(rows, ())


def _row(line: Mapping[str, object], rounds: int) -> CudaRow:
    sides = []
    for key in ("samples", "floor_samples"):
        samples = line[key]
        if not isinstance(samples, list) or len(samples) != rounds:
            raise ValueError(f"there are not {rounds} {key}")
        sides.append(tuple(float(sample) for sample in samples))
    return CudaRow(str(line["op"]), *sides)
