# SPDX-License-Identifier: Apache-2.0
"""What tests of the command line share: a way to run it, and libraries to run it on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

import ffi_cts
from ffi_cts.selftest.variants import Builder, Variant

PACKAGES = str(Path(ffi_cts.__file__).parent.parent)
HOSTILE = Path(__file__).parent / "hostile"
SECONDS = 120
"""Far beyond what any command here takes: running out of it is a failure, not a slow machine."""


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
            preexec_fn=_take_signals,
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


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return Command(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The libraries of tests/hostile by name. No path of theirs is named by any other run."""
    variants = []
    for source in sorted(HOSTILE.glob("*.c")):
        text = source.read_text(encoding="utf-8")
        replaces = tuple(re.findall(r'^#include "(\w+)\.c"', text, re.MULTILINE))
        variants.append(Variant(source.stem, source, "", ("",), replaces))
    return Builder(tmp_path_factory.mktemp("hostile"), jobs=2).build(variants)


@pytest.fixture(scope="session")
def schema() -> Callable[[object], None]:
    """Validates a report."""
    import jsonschema

    from ffi_cts.report.store import SCHEMA_FILE

    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    return validator.validate  # type: ignore[no-any-return]


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
