# SPDX-License-Identifier: Apache-2.0
"""Teams of threads: shown to overlap, or the check is lost; gone again if they can't all start."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Command
from ffi_cts._paths import reference_library
from ffi_cts.checks import Runtime, Undecided, contention, ffi, native
from ffi_cts.engine.child import Limits
from ffi_cts.engine.context import Context, activate
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.subject import Subject
from ffi_cts.engine.supervisor import Supervisor, Task, run_alone
from ffi_cts.selftest.variants import Builder, load_variants

LIMITS = Limits(100.0)


def in_child(body: Callable[[Runtime], object], seconds: float = 2.0) -> Any:
    """What ``body`` returns in a process of its own, with the reference loaded."""

    def run(crumbs: Crumbs) -> bytes:
        subject = Subject(kind="runtime", id="reference", path=reference_library())
        activate(Context(subject, crumbs, example_seconds=seconds))
        return json.dumps(body(Runtime(subject.path))).encode()

    ending = run_alone(run, LIMITS)
    assert ending.result is not None, ending
    assert not ending.result.startswith(b"!"), ending.result.decode()
    return json.loads(ending.result)


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def why_undecided(runtime: Runtime) -> str:
    """The reason for which a check of threads can't find out; empty if it can."""
    obj, _ = runtime.foreign()
    try:
        for team in contention(runtime):
            assert team.run("cts_threads_retain_release", obj) == 0
    except Undecided as why:
        return str(why)
    return ""


@pytest.mark.parametrize("started", [0, 1, 3])
def test_threads_that_did_start_leave_when_another_can_not(started: int) -> None:
    def body(runtime: Runtime) -> tuple[list[int], int, str]:
        order = ffi.new("cts_team*", {"threads": 4, "wanted": 10, "seconds": 1.0, "steps": 1})
        obj, _ = runtime.foreign()
        each = ffi.new("TVMFFIObjectHandle[]", [obj])
        codes = []
        for helper, argument in (("retain_release", obj), ("release_each", each)):
            native.cts_fail_thread_after(started)
            run = getattr(native, f"cts_threads_{helper}")
            codes.append(run(runtime.api, order, argument) - native.CTS_NO_THREAD)
        native.cts_fail_thread_after(started)
        return codes, threads(), why_undecided(runtime) if started < 2 else ""

    codes, left, why = in_child(body)
    assert codes == [0, 0]
    assert left == 1
    assert why == ("a thread could not be started" if started < 2 else "")


@pytest.mark.parametrize("name", ["cts_thread_release", "cts_thread_raise_and_exit"])
def test_one_thread_that_can_not_start_is_not_the_library(name: str) -> None:
    def body(runtime: Runtime) -> str:
        native.cts_fail_thread_after(0)
        try:
            runtime.helper(name, runtime.api, ffi.NULL)
        except Undecided as why:
            return str(why)
        return ""

    assert in_child(body) == "a thread could not be started"


def test_one_core_decides_nothing() -> None:
    def body(runtime: Runtime) -> str:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        return why_undecided(runtime)

    assert "never ran two threads at once" in in_child(body, seconds=0.2)


@pytest.mark.slow
def test_on_one_core_a_check_is_lost_unless_it_has_failed(command: Command, tmp_path: Path) -> None:
    name = "global_is_visible_to_its_thread_only"
    (wrong,) = [variant for variant in load_variants() if variant.name == name]
    library = Builder(tmp_path, 2).build([wrong])[name]
    report, here = tmp_path / "r.json", os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(here)})  # inherited
    try:
        only = ["--only", "REF-THREAD-01", "--only", "GLOB-THREAD-01"]
        done = command("run", library, *only, "--timeout-scale", "0.1", "--json", report)
    finally:
        os.sched_setaffinity(0, here)
    assert done.returncode == 3
    checks = json.loads(report.read_text())["checks"]
    assert {check["clauses"][0]: check["status"] for check in checks} == {
        "REF-THREAD-01": "lost",
        "GLOB-THREAD-01": "warn",
    }


def test_the_checks_of_threads_run_by_themselves(tmp_path: Path) -> None:
    """None starts while another child works, and none while it works."""
    pool: Supervisor[str] = Supervisor(4)
    places = {}

    def body(name: str) -> Callable[[Crumbs], bytes]:
        def run(crumbs: Crumbs) -> bytes:
            here = tmp_path / name
            here.touch()
            end = threading.Event()
            others = 0
            for _ in range(20):
                end.wait(0.01)
                sum(range(20_000))
                others = max(others, len(list(tmp_path.iterdir())) - 1)
            here.unlink()
            return str(others).encode()

        return run

    for name in ("a", "b", "exclusive 1", "exclusive 2", "c"):
        pool.add(Task(name, body(name), LIMITS, exclusive=name.startswith("exclusive")))
    for task, ending in pool.run():
        places[task.key] = ending.result
    assert places["exclusive 1"] == places["exclusive 2"] == b"0"
