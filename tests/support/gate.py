# SPDX-License-Identifier: Apache-2.0
"""Libraries whose calls cost a known little more, for the tests of the gate."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from ffi_cts._paths import reference_library
from support.command import Command

GATE = Path(__file__).parents[2] / "benchmarks" / "gate"
CALLS = {"call.args_0", "call.args_1", "call.args_3", "call.args_8", "call.failing"}

Made = Callable[..., Path]


def injected() -> ModuleType:
    """benchmarks/gate/injected.py, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("injected", GATE / "injected.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def maker(folder: Path) -> Made:
    """Give what builds libraries, by name and cost, that stand before the reference."""
    module = injected()

    def build(name: str, **cost: Any) -> Path:
        file = folder / name
        if not file.exists():
            module.build(folder, reference_library(), name, **cost)
        return file

    return build


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
