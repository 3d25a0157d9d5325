# SPDX-License-Identifier: Apache-2.0
"""Libraries whose calls cost a known little more, for the tests of the gate."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from ffi_cts._paths import reference_library
from support.command import Command

GATE = Path(__file__).parents[2] / "benchmarks" / "gate"
CALLS = {"call.args_0", "call.args_1", "call.args_3", "call.args_8", "call.failing"}

COUNT = ("--meter", "instructions", "--force", "--only", "call.*", "--only", "object.*")


def injected() -> ModuleType:
    """benchmarks/gate/injected.py, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("injected", GATE / "injected.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@attrs.frozen
class Gate:
    """Libraries that stand before the reference, built and measured once each."""

    command: Command
    folder: Path

    def library(self, name: str, **cost: Any) -> Path:
        """Build `name`.so with this cost, unless it is there."""
        file = self.folder / f"{name}.so"
        if not file.exists():
            injected().build(self.folder, reference_library(), file.name, **cost)
        return file

    def saved(self, name: str, **cost: Any) -> Path:
        """The counts of a library as a file, which takes its place in a comparison."""
        file = self.folder / f"{name}.json"
        if not file.exists():
            library = self.library(name, **cost)
            done = self.command("bench", library, *COUNT, "--layer", "c", "--json", file)
            assert done.returncode == 0, done.stderr
        return file


def compare(
    command: Command,
    tmp_path: Path,
    *arguments: str | Path,
    env: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any], str]:
    """Run `ffi-cts compare`; exit code, the JSON file's data and everything it printed."""
    file = tmp_path / "c.json"
    done = command("compare", *arguments, "--json", file, env=env)
    data = json.loads(file.read_text()) if file.exists() else {}
    return done.returncode, data, done.stdout + done.stderr


def verdicts(data: dict[str, Any]) -> dict[str, str]:
    """What is said of each operation."""
    return {change["op"]: change["verdict"] for change in data["changes"]}
