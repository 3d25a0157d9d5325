# SPDX-License-Identifier: Apache-2.0
"""What tests ask about the processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from support.command import SECONDS


def processes_of(word: str | Path) -> list[int]:
    """Processes whose command line has ``word``; forked children have that of their parent."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(word).encode() in words and state not in "ZX":
            found.append(int(folder.name))
    return found


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for something that must happen; when it never does, the test fails."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
