# SPDX-License-Identifier: Apache-2.0
"""What the numbers hang on: they are comparable on one machine, not between two."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from pathlib import Path

from ffi_cts.bench import instructions
from ffi_cts.bench.model import Machine
from ffi_cts.errors import UsageError


def describe(counter: str | None) -> Machine:
    """This machine. `counter` is what counts instructions, None when nothing does."""
    facts = _cpu_facts()
    cpu = facts.get("model name") or facts.get("CPU part") or platform.machine()
    features = tuple(sorted((facts.get("flags") or facts.get("Features") or "").split()))
    system = f"{platform.system()} {platform.machine()}, {' '.join(platform.libc_ver())}"
    counted_by = _counter_version(counter)
    # Cores and the kernel's version don't change what an operation costs.
    identity = "\n".join([cpu, *features, system, counted_by])
    return Machine(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        cpu=cpu,
        features=features,
        cores=len(os.sched_getaffinity(0)),
        system=system,
        python=platform.python_version(),
        counter=counted_by,
    )


def session() -> str:
    """Names the time since the machine was started."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


def _cpu_facts() -> dict[str, str]:
    facts: dict[str, str] = {}
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return facts
    for line in text.split("\n\n")[0].splitlines():
        key, _, value = line.partition(":")
        facts[key.strip()] = value.strip()
    return facts


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
