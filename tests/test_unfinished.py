# SPDX-License-Identifier: Apache-2.0
"""A library that is not finished is judged by what it has."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import reject

from ffi_cts._paths import resource
from ffi_cts.engine import context
from ffi_cts.engine.context import Context, isolated
from ffi_cts.engine.subject import Subject
from ffi_cts.selftest.variants import compiler
from support.command import Command

SOURCE = Path(__file__).parent / "support" / "half_finished.c"
DEVIATIONS = {"fail", "crash", "timeout", "error", "lost"}
NEW = "refcount/new::new_object_has_one_strong_and_one_weak_reference"

Checks = dict[str, dict[str, Any]]


def judged(command: Command, folder: Path, *flags: str) -> Checks:
    """Results by check of the half-finished library, built with ``flags``."""
    library, report = folder / "libhalf.so", folder / "report.json"
    subprocess.run(
        [
            *(compiler(), "-shared", "-fPIC", "-std=c11", "-D_GNU_SOURCE", *flags),
            *("-I", str(resource("include")), "-o", str(library), str(SOURCE)),
        ],
        check=True,
    )
    done = command("run", library, "--effort", "quick", "--json", report)
    assert done.returncode == 1, done.stderr
    return {check["id"]: check for check in json.loads(report.read_text())["checks"]}


def deviating(checks: Checks) -> set[str]:
    """Of the checks of what a library does, not of what it exports."""
    return {
        name
        for name, check in checks.items()
        if (check.get("outcome") or check["status"]) in DEVIATIONS
        and not name.startswith("symbols/exports::")
    }


@pytest.mark.slow
def test_what_is_missing_is_no_failure(command: Command, tmp_path: Path) -> None:
    checks = judged(command, tmp_path)
    assert not deviating(checks)
    unsupported = [check for check in checks.values() if check["status"] == "unsupported"]
    unnamed = [
        check["id"]
        for check in unsupported
        if "lacks" in check["message"]
        and "lacks TVMFFI" not in check["message"]
        and "lacks type:" not in check["message"]
    ]
    assert not unnamed
    # Each kind that it has is judged, and drawn where a check takes any.
    assert {checks[f"{NEW}[{kind}]"]["status"] for kind in ("function", "string")} == {"pass"}
    assert checks[f"{NEW}[error]"]["message"] == "the implementation lacks TVMFFIErrorCreate"
    for name in (
        "refcount/calls::arguments_are_only_borrowed",
        "refcount/model::history_of_references_agrees_with_the_model",
        "deletion/drop::both_libraries_count_in_one_word",
        "layout/objects::object_header",
        "strings/copy::value_does_not_change_with_its_input",
    ):
        assert checks[name]["status"] == "pass", name


@pytest.mark.slow
def test_the_fault_at_the_root_has_a_name(command: Command, tmp_path: Path) -> None:
    checks = judged(command, tmp_path, "-DNO_WEAK_COUNT")
    root = checks[f"{NEW}[function]"]
    assert root["status"] == "fail"
    assert "a new function has (strong, weak) = (1, 0), not (1, 1)" in root["message"]
    assert checks[f"{NEW}[string]"]["status"] == "pass"
    # What else deviates has to do with functions: nothing is blamed on what is missing.
    assert not any("lacks" in checks[name]["message"] for name in deviating(checks))


@pytest.mark.parametrize("leave", [reject, lambda: pytest.skip("the library lacks it")])
def test_an_example_that_it_cannot_be_asked_is_no_failure(
    leave: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = Subject(kind="runtime", id="half", path=SOURCE)
    active = Context(subject, fork_examples=True, shrink_until=float("inf"))
    monkeypatch.setattr(context, "_current", active)
    isolated(leave, key="once")
    assert active.verdicts["once"].outcome == "pass"
