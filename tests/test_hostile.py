# SPDX-License-Identifier: Apache-2.0
"""Libraries that die, or misbehave, in every way there is: one run of the command for each."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import attrs
import pytest

from ffi_cts._paths import resource
from ffi_cts.engine import linux
from support.command import SECONDS, Command
from support.processes import processes_of, wait_until

pytestmark = pytest.mark.slow  # every library is judged once for all of them

CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"
STREAM = "streams/bad_device::impossible_device_does_not_end_the_process"
SCALE = "0.15"
"""Of the timeouts, for libraries that hang: 3 s for a check, 0.3 s for an example."""


@attrs.frozen
class Way:
    """What the report must say of the check that meets the misbehaviour.

    ``message`` and ``example`` are parts of the text; an empty example asks for none.
    ``hangs``: only the clock tells that it never answers, so short timeouts are due.
    """

    outcome: str
    message: str = ""
    in_call: str = "TVMFFIFunctionCreate"
    example: str = "references = 1"
    check: str = CREATE
    hangs: bool = False


WAYS = {
    "aborts": Way("crash", "killed by SIGABRT inside TVMFFIFunctionCreate"),
    "exits": Way("crash", "exited with code 0 inside TVMFFIFunctionCreate"),
    "exits_at_once": Way("crash", "exited with code 0 inside TVMFFIFunctionCreate"),
    "loops": Way("timeout", "no answer within", hangs=True),
    "deadlocks": Way("timeout", "every thread of the process waits without end"),
    "stops_itself": Way("timeout", "every thread of the process waits without end"),
    "blocks_signals": Way("timeout", "no answer within", hangs=True),
    "overflows_stack": Way("crash", "killed by SIGSEGV inside TVMFFIFunctionCreate"),
    "throws_through_c": Way("crash", "killed by SIGABRT inside TVMFFIFunctionCreate"),
    "frees_twice": Way("crash", "killed by SIGABRT inside TVMFFIFunctionCreate"),
    "overwrites_malloc_header": Way("crash", "killed by SIG"),
    "floods_stdout": Way("timeout", "no answer within", hangs=True),
    "floods_stderr": Way("crash", "killed by SIGABRT inside TVMFFIFunctionCreate"),
    "closes_descriptors_and_aborts": Way("crash", "killed by SIGABRT"),
    "raises_signal": Way("crash", "killed by SIGUSR1 inside TVMFFIFunctionCreate"),
    "scribbles": Way("crash", "killed by SIG"),
    "thread_crashes_later": Way("crash", "killed by SIGABRT inside TVMFFIFunctionCreate"),
    "crashes_at_device_minus_one": Way(
        "crash",
        "killed by SIGABRT inside TVMFFIEnvSetStream",
        in_call="TVMFFIEnvSetStream",
        example="devices = [(-1, -1)]",
        check=STREAM,
    ),
    "hangs_at_device_minus_one": Way(
        "timeout",
        "inside TVMFFIEnvSetStream",
        in_call="TVMFFIEnvSetStream",
        example="devices = [(-1, -1)]",
        check=STREAM,
        hangs=True,
    ),
    "crashes_at_seven_references": Way(
        "crash",
        "killed by SIGABRT inside TVMFFIObjectIncRef",
        in_call="TVMFFIObjectIncRef",
        example="references = 7",
    ),
}
HARMLESS = (
    *("closes_descriptors", "constructor_floods", "destructor_crashes", "leaves_child"),
    *("leaves_daemon", "runs_a_thread"),
)
"""They pass: what they do breaks no promise, and must break nothing else either."""


@attrs.frozen
class Judged:
    """A finished run, its report, and whatever it left behind."""

    run: CompletedProcess[str]
    report: dict[str, Any]
    left_over: list[int]

    def check(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(c for c in self.report["checks"] if c["id"] == name)
        return found


@pytest.fixture(scope="module")
def judged(
    command: Command, hostile: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Judged]:
    """Runs all libraries, a few at a time, and gives the outcome by name."""
    folder = tmp_path_factory.mktemp("reports")

    def judge(name: str) -> Judged:
        library, file = hostile[name], folder / f"{name}.json"
        quick = ["--effort", "quick", "--jobs", "2"]
        if _hangs(name):
            quick += ["--timeout-scale", SCALE]
        run = command("run", library, "--only", CREATE, "--only", STREAM, *quick, "--json", file)
        left_over = processes_of(library)
        report = json.loads(file.read_text()) if file.exists() else {}
        return Judged(run, report, left_over)

    # Those that hang cost no processor time while they do: start with them.
    names = sorted([*WAYS, *HARMLESS, "allocates_gigabytes"], key=lambda n: not _hangs(n))
    with ThreadPoolExecutor(4) as pool:
        runs = dict(zip(names, pool.map(judge, names), strict=True))
    return runs.__getitem__


def _hangs(name: str) -> bool:
    return name in WAYS and WAYS[name].hangs


@pytest.mark.parametrize("name", WAYS)
def test_a_death_is_the_result_of_its_check(judged: Callable[[str], Judged], name: str) -> None:
    way, this = WAYS[name], judged(name)
    check = this.check(way.check)
    assert (check["outcome"] or check["status"]) == way.outcome, check
    assert way.message in check["message"]
    assert check["in_call"].startswith(way.in_call + "(")
    assert check["calls"][-1] == check["in_call"]
    assert way.example in check["example"]
    assert this.run.returncode == (1 if way.check == CREATE else 0), this.run.stderr


@pytest.mark.parametrize("name", [*WAYS, *HARMLESS, "allocates_gigabytes"])
def test_the_rest_of_the_run_is_unharmed(
    judged: Callable[[str], Judged], schema: Callable[[object], None], name: str
) -> None:
    this = judged(name)
    schema(this.report)
    other = CREATE if name in WAYS and WAYS[name].check == STREAM else STREAM
    assert this.check(other)["status"] == "pass"
    assert this.report["summary"]["lost"] == this.report["summary"]["error"] == 0
    assert this.left_over == []
    assert "Traceback" not in this.run.stdout + this.run.stderr
    assert len(this.run.stdout) < 100_000


@pytest.mark.parametrize("name", HARMLESS)
def test_what_harms_nobody_is_no_failure(judged: Callable[[str], Judged], name: str) -> None:
    this = judged(name)
    assert this.check(CREATE)["status"] == "pass", this.check(CREATE)
    assert (this.report["verdict"], this.run.returncode) == ("conformant", 0)


def test_exhausted_memory_is_blamed_on_the_library(judged: Callable[[str], Judged]) -> None:
    this = judged("allocates_gigabytes")
    # Whatever still needs memory in that process may fail, or wait for ever.
    assert this.check(CREATE)["status"] in ("crash", "timeout"), this.check(CREATE)
    assert this.run.returncode == 1


def test_a_crash_at_exit_is_a_finding(judged: Callable[[str], Judged]) -> None:
    (finding,) = judged("destructor_crashes").report["findings"]
    assert finding["id"] == "process-exit"
    assert "SIGABRT" in finding["message"]


def test_a_thread_of_the_library_is_no_fault(
    command: Command, hostile: dict[str, Path], tmp_path: Path
) -> None:
    """Nothing unloads the library while its thread runs: not the probe, nor any check."""
    file = tmp_path / "report.json"
    chosen = ["--only", "XLIB-THREAD-01", "--only", "VER-GET-*"]
    run = command("run", hostile["runs_a_thread"], "--effort", "quick", *chosen, "--json", file)
    assert run.returncode == 0, run.stdout
    report = json.loads(file.read_text())
    assert report["findings"] == []
    assert report["summary"]["crash"] == report["summary"]["warn"] == 0


def test_what_a_constructor_prints_is_counted_however_much_it_is(
    command: Command, hostile: dict[str, Path], tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    chosen = ["--only", "PROC-STATE-*"]
    command("run", hostile["constructor_floods"], "--effort", "quick", *chosen, "--json", file)
    outcomes = {check["id"]: check["outcome"] for check in json.loads(file.read_text())["checks"]}
    assert outcomes.pop("process/loading::nothing_is_printed") == "fail"
    assert set(outcomes.values()) == {""}


def test_copies_of_libraries_go_when_their_check_dies(
    command: Command, hostile: dict[str, Path], tmp_path: Path
) -> None:
    chosen = ["--effort", "quick", "--only", "XLIB-UNLOAD-*"]
    run = command("run", hostile["dies_in_release"], *chosen, env={"TMPDIR": str(tmp_path)})
    assert "killed by SIGABRT" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("pytest_itself", [False, True], ids=["the command", "pytest"])
def test_nothing_is_left_of_a_run_that_is_stopped(
    command: Command,
    hostile: dict[str, Path],
    tmp_path: Path,
    number: signal.Signals,
    pytest_itself: bool,
) -> None:
    library = hostile["loops"]
    env = {"TMPDIR": str(tmp_path)}
    if pytest_itself:
        file = resource("conformance") / "functions" / "test_create.py"
        words = ["-m", "pytest", "-p", "ffi_cts.pytest_entry", "-p", "no:cacheprovider"]
        words += [str(file), "--ffi-target", str(library)]
    else:
        words = ["-m", "ffi_cts", "run", str(library), "--only", CREATE]
    process = subprocess.Popen(
        [sys.executable, *words],
        env=command.environment(env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=linux.accept_requests,  # noqa: PLW1509 (what it calls takes no lock)
    )
    with process:
        wait_until(lambda: list(tmp_path.glob("*/*/*")))  # a check is at work
        process.send_signal(number)
        process.wait(SECONDS)
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: not processes_of(library))


def test_a_flood_is_kept_with_head_and_tail_only(judged: Callable[[str], Judged]) -> None:
    output = judged("floods_stderr").check(CREATE)["output"]
    assert output.startswith("complaint number 0 ")
    assert "bytes left out" in output
    assert "complaint number 99999 " in output
    assert len(output) < 10_000


@pytest.mark.parametrize(
    "name", ["crashes_at_device_minus_one", "crashes_at_seven_references", "loops"]
)
def test_the_command_in_the_report_reproduces_it(
    judged: Callable[[str], Judged], command: Command, tmp_path: Path, name: str
) -> None:
    way = WAYS[name]
    before = judged(name).check(way.check)
    program, *arguments = shlex.split(before["reproduce"])
    assert program == "ffi-cts"
    run = command(*arguments, "--json", tmp_path / "again.json")
    (after,) = json.loads((tmp_path / "again.json").read_text())["checks"]
    for same in (
        *("id", "status", "outcome", "message", "in_call"),
        *("example", "fault", "stack", "reproduce"),
    ):
        assert after[same] == before[same], same
    assert run.returncode == (1 if way.check == CREATE else 0)


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("constructor_crashes", "killed by SIGABRT"),
        ("constructor_exits", "the process exited with code 0"),
        ("constructor_hangs", "no answer within"),
    ],
)
def test_a_library_that_dies_of_loading_is_refused(
    command: Command, hostile: dict[str, Path], tmp_path: Path, name: str, ending: str
) -> None:
    file = tmp_path / "report.json"
    scale = ["--timeout-scale", "0.05"] if name == "constructor_hangs" else []
    run = command("run", hostile[name], "--json", file, *scale)
    assert run.returncode == 2
    assert str(hostile[name]) in run.stderr
    assert ending in run.stderr
    assert "constructors" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []
    assert processes_of(hostile[name]) == []
