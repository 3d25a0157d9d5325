# SPDX-License-Identifier: Apache-2.0
"""Runs ``ffi-cts`` as a user does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

import ffi_cts

PACKAGES = str(Path(ffi_cts.__file__).parent.parent)
SECONDS = 120
"""Far beyond what any command here takes: running out of it is a failure, not a slow machine."""


def uncounted(**changes: str) -> dict[str, str]:
    """This process's environment and ``changes``, but without what has coverage follow children.

    For runs with so many children that their files alone would fill a disk.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_PROCESS_")}
    return {**kept, **changes}


@attrs.frozen
class Command:
    """Runs ``ffi-cts`` as a user does, with a cache of its own."""

    cache: Path

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """This process's environment, the package found wherever it runs, and ``changes``."""
        return {
            **os.environ,
            "PYTHONPATH": PACKAGES,
            "FFI_CTS_CACHE": str(self.cache),
            "COLUMNS": "100",
            **(changes or {}),
        }

    def start(
        self,
        arguments: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdout: int | Any = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start it; the caller waits."""
        return subprocess.Popen(
            [sys.executable, "-m", "ffi_cts", *map(str, arguments)],
            env=self.environment(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            preexec_fn=_take_signals,  # noqa: PLW1509 (what it calls takes no lock)
        )

    def __call__(
        self,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdout: int | Any = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        process = self.start(arguments, env=env, cwd=cwd, stdout=stdout)
        with process:
            out, err = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _take_signals() -> None:
    # A shell that runs the tests in the background has them ignored, which would be inherited.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
