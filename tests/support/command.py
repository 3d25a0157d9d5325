# SPDX-License-Identifier: Apache-2.0
"""Runs ``ffi-cts`` as a user does."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import attrs
import pytest

import ffi_cts
from ffi_cts.__main__ import run_command

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


@attrs.frozen
class Here:
    """Runs ``ffi-cts`` in this process: for what ends before anything is judged.

    Quicker by far than a process of its own, and seen by a debugger.
    """

    cache: Path

    def __call__(
        self, *arguments: str | Path, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        words = ["ffi-cts", *map(str, arguments)]
        out, err = io.StringIO(), io.StringIO()
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(sys, "argv", words)
            patch.setenv("FFI_CTS_CACHE", str(self.cache))
            patch.setenv("COLUMNS", "100")
            if cwd is not None:
                patch.chdir(cwd)
            stack.enter_context(redirect_stdout(out))
            stack.enter_context(redirect_stderr(err))
            code = run_command()
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
