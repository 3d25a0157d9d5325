# SPDX-License-Identifier: Apache-2.0
"""What the numbers hang on: they are comparable on one machine, not between two."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from ffi_cts import machine
from ffi_cts.bench.meters import instructions
from ffi_cts.bench.model import Place
from ffi_cts.errors import UsageError


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
    try:
        done = subprocess.run(
            [instructions.valgrind(), "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"valgrind does not run: {error}.", "Reinstall it.") from error
    return done.stdout.strip()
