# SPDX-License-Identifier: Apache-2.0
"""The meter that counts instructions: exact, so that a change of one is seen."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from attrs import evolve

from ffi_cts.bench.meters.driver import Answer, Request, ask
from ffi_cts.errors import UsageError

CALLGRIND = "callgrind"
COUNTER = "counter"

_TRIGGER = re.compile(r"^desc: Trigger: Client Request: (\S+) (\d+)$")
_SUMMARY = re.compile(r"^summary: (\d+)$")
_COUNTER_SAMPLES = 5


def valgrind() -> str:
    """Path of valgrind. Raises UsageError where it is missing."""
    found = shutil.which("valgrind")
    if found is None:
        raise UsageError(
            "Instructions can't be counted: valgrind is not installed.",
            "Install valgrind (for instance `apt-get install valgrind`), or take "
            "`--counter hardware` where the processor's counters can be read, or `--meter time`.",
        )
    return found


def count(request: Request) -> Answer:
    """Instructions per iteration of each operation: one collection, in processes of its own.

    The request's meter is what counts.

    Callgrind counts every instruction of a simulated processor: two collections of
    the same library agree to the bit. The processor's own counter sees the real one,
    where the machine lets a user read it.
    """
    if request.meter == COUNTER:
        answer = ask(evolve(request, samples=_COUNTER_SAMPLES))
        # Interrupts only ever add.
        answer.samples = {op: [min(values)] for op, values in answer.samples.items()}
        return answer
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder:
        dump = Path(folder) / "callgrind.out"
        totals: dict[tuple[str, int], int] = {}
        prefix = (
            *(valgrind(), "--tool=callgrind", "-q", "--instr-atstart=no", "--combine-dumps=yes"),
            *("--dump-instr=no", "--dump-line=no", f"--callgrind-out-file={dump}"),
        )
        answer = ask(evolve(request, prefix=prefix), lambda: totals.update(_totals(dump)))
    for op, n in answer.iterations.items():
        if op not in answer.broken and (op, n) in totals and (op, 0) in totals:
            # What doesn't grow with n, such as entering the loop, is in both and cancels out.
            answer.samples[op] = [(totals[op, n] - totals[op, 0]) / n]
    return answer


def _totals(dump: Path) -> dict[tuple[str, int], int]:
    """Instructions of each part of a callgrind file, by the label that asked for it."""
    found: dict[tuple[str, int], int] = {}
    if not dump.exists():
        return found
    label: tuple[str, int] | None = None
    for line in dump.read_text(errors="replace").splitlines():
        if trigger := _TRIGGER.match(line):
            label = (trigger[1], int(trigger[2]))
        elif (summary := _SUMMARY.match(line)) and label is not None:
            found[label] = int(summary[1])
            label = None
    dump.unlink()
    return found
