# SPDX-License-Identifier: Apache-2.0
"""The suite under plain pytest, for those who want its options and reports."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ffi_cts._paths import reference_library, resource
from support.command import Command

pytestmark = pytest.mark.slow

STREAMS = resource("conformance") / "streams" / "test_bad_device.py"
CREATE = resource("conformance") / "functions" / "test_create.py"
DELETER = "test_deleter_runs_once_when_the_last_reference_goes"
DEVICE = "test_impossible_device_does_not_end_the_process"


def run_pytest(
    command: Command, folder: Path, *arguments: object, plugin: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder; the plugin by name, so that an uninstalled checkout will do."""
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    words += ["-p", "ffi_cts.pytest_entry"] if plugin else []
    env = command.environment(
        {} if plugin else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    return subprocess.run(
        [*words, *map(str, arguments)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def target(library: Path) -> list[str]:
    return ["--ffi-target", str(library), "--ffi-effort", "quick"]


def test_k_selects_and_success_is_exit_code_0(command: Command, tmp_path: Path) -> None:
    run = run_pytest(
        command, tmp_path, CREATE, STREAMS, *target(reference_library()), "-k", DEVICE, "-v"
    )
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
    assert f"::{DEVICE}" in run.stdout or "test_bad_device.py ." in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_package_can_be_named(command: Command, tmp_path: Path) -> None:
    """Only an installed package has the checks inside of it."""
    if resource("conformance").parent.name != "ffi_cts":
        pytest.skip("this is a checkout")
    words = [
        "--pyargs",
        "ffi_cts.conformance",
        *target(reference_library()),
        "-k",
        DEVICE,
    ]
    assert "1 passed" in run_pytest(command, tmp_path, *words).stdout


def test_a_crash_is_a_failure_with_its_story(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    library, junit = hostile["aborts"], tmp_path / "junit.xml"
    run = run_pytest(command, tmp_path, CREATE, STREAMS, *target(library), "--junit-xml", junit)
    assert run.returncode == 1
    for part in (
        "killed by SIGABRT inside TVMFFIFunctionCreate",
        "references = 1",
        f"reproduce: ffi-cts run {library}",
    ):
        assert part in run.stdout
    cases = {case.get("name"): case for case in ET.parse(junit).iter("testcase")}
    failure = cases[DELETER].find("failure")
    assert failure is not None
    assert "SIGABRT" in (failure.text or "")
    assert cases[DEVICE].find("failure") is None


def test_x_stops_at_the_first_failure(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    words = [str(CREATE), str(STREAMS), *target(hostile["aborts"]), "--ffi-jobs", "1", "-x"]
    run = run_pytest(command, tmp_path, *words)
    assert run.returncode == 1
    assert "stopping after 1 failures" in run.stdout
    assert "1 failed" in run.stdout
    assert "passed" not in run.stdout


@pytest.mark.parametrize("plugin", [True, False])
def test_without_a_target_it_says_what_is_missing(
    command: Command, tmp_path: Path, plugin: bool
) -> None:
    run = run_pytest(command, tmp_path, STREAMS, plugin=plugin)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--ffi-target" in run.stderr
    assert ("-p ffi_cts.pytest_entry" in run.stderr) is not plugin
    assert "Traceback" not in run.stdout + run.stderr


def test_a_target_that_cannot_be_used(command: Command, tmp_path: Path) -> None:
    run = run_pytest(command, tmp_path, STREAMS, "--ffi-target", "./missing.so")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no such file" in run.stderr
    assert "Traceback" not in run.stderr
    run = run_pytest(command, tmp_path, STREAMS, *target(reference_library()), "--ffi-against", "x")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "There is no target 'x'" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_the_plugin_does_not_disturb_other_tests(command: Command, tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_one():\n    pass\n")
    run = run_pytest(command, tmp_path, "test_other.py")
    assert run.returncode == 0
    assert "1 passed" in run.stdout


def test_the_summary_says_the_verdict_and_the_report_is_written(
    command: Command, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    words = [
        CREATE,
        STREAMS,
        *target(reference_library()),
        "-k",
        DEVICE,
        "--ffi-json",
        report,
    ]
    run = run_pytest(command, tmp_path, *words)
    assert run.returncode == 0
    assert "\nconformant\n" in run.stdout
    data = json.loads(report.read_text())
    assert (data["verdict"], data["exit_code"], data["run"]["partial"]) == ("conformant", 0, True)
    assert [check["status"] for check in data["checks"]] == ["pass"]


def test_known_deviations_are_skips_and_stale_ones_fail_a_strict_run(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    expect = tmp_path / "known.toml"
    stem = "functions/create::"
    entry = '[[expect]]\ncheck = "{}"\noutcome = "crash"\nreason = "it aborts"\n'
    expect.write_text(entry.format(f"{stem}{DELETER.removeprefix('test_')}"))
    words = [
        CREATE,
        *target(hostile["aborts"]),
        "-k",
        DELETER,
        "--ffi-expect",
        expect,
    ]
    run = run_pytest(command, tmp_path, *words, "--ffi-strict")
    assert (run.returncode, "1 skipped" in run.stdout) == (0, True), run.stdout
    assert "conformant: 1 known deviation waived" in run.stdout
    words[1:3] = target(reference_library())[:2]
    assert run_pytest(command, tmp_path, *words).returncode == 0
    run = run_pytest(command, tmp_path, *words, "--ffi-strict")
    assert run.returncode == 1
    assert "but the run fails: --strict, and 1 expectation should be edited" in run.stdout


def test_a_library_that_is_replaced_is_noticed(command: Command, tmp_path: Path) -> None:
    library = Path(shutil.copy2(reference_library(), tmp_path / "libmine.so"))
    (tmp_path / "conftest.py").write_text(
        "from pathlib import Path\n"
        "def pytest_runtest_logreport(report):\n"
        f"    Path({str(library)!r}).write_bytes(b'')\n"
    )
    words = ["-p", "conftest", CREATE, *target(library), "-k", DELETER]
    run = run_pytest(command, tmp_path, *words)
    assert run.returncode == 1, run.stdout
    assert "library-changed: " in run.stdout
    assert "incomplete: 1 check without a usable result" in run.stdout


def test_profiles_and_bad_options(command: Command, tmp_path: Path) -> None:
    words = [STREAMS, *target(reference_library()), "-k", DEVICE]
    run = run_pytest(command, tmp_path, *words, "--ffi-profile", "dlpack")
    assert "1 passed" not in run.stdout
    assert "incomplete: nothing of the selection ran" in run.stdout
    for bad in (("--ffi-profile", "no"), ("--ffi-expect", "no"), ("--ffi-json", "no/such/file")):
        run = run_pytest(command, tmp_path, *words, *bad)
        assert run.returncode == pytest.ExitCode.USAGE_ERROR, run.stdout
        assert "Traceback" not in run.stdout + run.stderr
