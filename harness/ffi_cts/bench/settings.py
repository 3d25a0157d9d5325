# SPDX-License-Identifier: Apache-2.0
"""What is to be measured, and how."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ffi_cts.bench.cuda import launches
from ffi_cts.bench.meters import driver, instructions
from ffi_cts.bench.model import INSTRUCTIONS, THREADS, TIME, Operation
from ffi_cts.errors import UsageError
from ffi_cts.globs import fits_any

CUDA = "cuda"
COUNTERS = {"callgrind": instructions.CALLGRIND, "hardware": instructions.COUNTER}


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
