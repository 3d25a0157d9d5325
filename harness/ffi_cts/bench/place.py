# SPDX-License-Identifier: Apache-2.0
"""What the numbers hang on: they are comparable on one machine, not between two."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ffi_cts import machine
from ffi_cts.bench.meters import instructions
from ffi_cts.bench.model import Place
from ffi_cts.engine import program
from ffi_cts.errors import UsageError

_SECONDS = 60.0


def describe(counter: str | None) -> Place:
    """This machine. `counter` is what counts instructions, None when nothing does."""
    here = machine.describe()
    facts = machine.cpu_facts()
    features = tuple(sorted((facts.get("flags") or facts.get("Features") or "").split()))
    system = f"{here.system}, {here.libc}"
    counted_by = _counter_version(counter)
    # Cores and the kernel's version don't change what an operation costs.
    identity = "\n".join([here.cpu, *features, system, counted_by])
    return Place(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        cpu=here.cpu,
        features=features,
        cores=here.cores,
        system=system,
        python=here.python,
        counter=counted_by,
    )


def session() -> str:
    """Names the time since the machine was started."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def _counter_version(counter: str | None) -> str:
    if counter != instructions.CALLGRIND:
        return "processor" if counter else "none"
    ending = program.run([instructions.valgrind(), "--version"], seconds=_SECONDS)
    if not ending.succeeded:
        raise UsageError(f"valgrind does not run: {ending.how}.", "Reinstall it.")
    return ending.output.strip()
