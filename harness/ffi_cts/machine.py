# SPDX-License-Identifier: Apache-2.0
"""The machine that a result was found on."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

from attrs import frozen


@frozen(kw_only=True)
class Machine:
    """What of a machine a result may hang on.

    `system` is the operating system and the kind of processor, as in ``Linux x86_64``; `libc` the
    C library and its version, empty where that is unknown; `cpu` the processor's own name;
    `python` the interpreter's version; `cores` how many of them this process may use.
    """

    system: str
    libc: str
    cpu: str
    python: str
    cores: int


def describe() -> Machine:
    """This machine. It never fails: what can't be found out has a general name, or is empty."""
    facts = cpu_facts()
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        libc=" ".join(platform.libc_ver()).strip(),
        cpu=facts.get("model name") or facts.get("CPU part") or platform.machine(),
        python=platform.python_version(),
        cores=len(os.sched_getaffinity(0)),
    )


@cache
def cpu_facts() -> dict[str, str]:
    """What /proc/cpuinfo says of the first processor; empty where it can't be read."""
    facts: dict[str, str] = {}
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return facts
    for line in text.split("\n\n", 1)[0].splitlines():
        key, _, value = line.partition(":")
        facts[key.strip()] = value.strip()
    return facts
