# SPDX-License-Identifier: Apache-2.0
"""Several targets in one pool of children."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import attrs
import pytest

from ffi_cts._paths import reference_library
from ffi_cts.campaign import judge_all
from ffi_cts.engine import collecting
from ffi_cts.errors import UsageError
from ffi_cts.expectations import Expectation, Expectations
from ffi_cts.frontends.cli.last_failed import remember
from ffi_cts.frontends.cli.progress import Display
from ffi_cts.frontends.cli.several import file_names
from ffi_cts.report import store
from ffi_cts.results import (
    CheckResult,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
    worst_exit_code,
)
from ffi_cts.session import Options, Progress, judge
from support.command import Command, Here

CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"
STREAM = "streams/bad_device::impossible_device_does_not_end_the_process"
ONLY = (CREATE, STREAM)
QUICK = ("--effort", "quick", "--only", CREATE, "--only", STREAM)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFI_CTS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A library that exports no function of the ABI but one."""
    source = tmp_path / "empty.c"
    source.write_text("int TVMFFIGetVersion(void *v) { return *(int *)v = 0; }\n")
    library = tmp_path / "libempty.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def options(*targets: str | Path, only: tuple[str, ...] = ONLY) -> list[Options]:
    return [Options(target=str(target), only=only, effort="quick") for target in targets]


def results(report: Report) -> list[CheckResult]:
    return [attrs.evolve(check, seconds=0.0) for check in report.checks]


def test_each_target_gets_the_report_that_it_gets_alone(empty: Path) -> None:
    together = judge_all(options("reference", empty))
    alone = [judge(each) for each in options("reference", empty)]
    assert [results(report) for report in together] == [results(report) for report in alone]
    assert [r.implementation for r in together] == [r.implementation for r in alone]
    assert [r.verdict for r in together] == [r.verdict for r in alone]
    assert worst_exit_code(together) == 4


def test_checks_are_collected_once(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    collected: list[object] = []
    make = collecting.ConformancePlugin

    def counted(loop: Any) -> object:
        collected.append(loop)
        return make(loop)

    monkeypatch.setattr(collecting, "ConformancePlugin", counted)
    judge_all(options("reference", empty, only=(CREATE,)))
    assert len(collected) == 1


def test_progress_says_which_target() -> None:
    said: list[str] = []
    done: list[tuple[str, int, int]] = []
    judge_all(
        options("reference", reference_library()),
        progress=Progress(
            tick=said.extend, finished=lambda *each: done.append(each), planned=lambda n: None
        ),
    )
    assert {name.partition(" ")[0] for name in said} <= {"reference", str(reference_library())}
    assert [left for _, _, left in done] == [1, 0]


def test_expectations_are_about_one_target_each() -> None:
    entries = Expectations(entries=(Expectation(check=CREATE, outcome="fail", reason="known"),))
    (report, _) = judge_all(options("reference", reference_library(), only=(CREATE,)), entries)
    assert [check.status for check in report.checks] == [Status.UNEXPECTED_PASS]


def test_an_interruption_leaves_a_report_on_each() -> None:
    def interrupt(result: object) -> None:
        raise KeyboardInterrupt

    found = judge_all(
        options("reference", reference_library()), progress=Progress(result=interrupt)
    )
    assert {report.exit_code() for report in found} == {3}
    assert all(report.run.interrupted for report in found)


def test_deviations_of_all_targets_are_counted_together(hostile: dict[str, Path]) -> None:
    library = hostile["aborts"]
    chosen = options(library, "reference", only=("functions/create::*",))
    chosen = [attrs.evolve(each, maxfail=1, jobs=1) for each in chosen]
    found = judge_all(chosen)
    assert sum(check.gates for report in found for check in report.checks) == 1
    assert found[0].run.stopped
    assert found[0].exit_code() == 1
    assert found[1].exit_code() in (0, 4)  # it may not have been reached


def test_all_that_is_wrong_is_told_before_anything_runs(tmp_path: Path) -> None:
    ran: list[int] = []
    with pytest.raises(UsageError) as caught:
        judge_all(
            options("reference", tmp_path / "none.so", "apache-tvm-ffi==7"),
            progress=Progress(planned=ran.append),
        )
    assert ran == []
    assert "2 of 3 targets can't be used, so that nothing was judged" in str(caught.value)
    assert "none.so" in str(caught.value)
    assert "apache-tvm-ffi==7 is not a known release" in str(caught.value)


def test_targets_that_need_different_sanitizers_are_refused(tmp_path: Path) -> None:
    library = tmp_path / "libsanitized.so"
    source = tmp_path / "a.c"
    source.write_text("int TVMFFIGetVersion(void *v) { return v == 0; }\n")
    flags = ["-shared", "-fPIC", "-fsanitize=address"]
    subprocess.run(["gcc", *flags, "-o", library, source], check=True)
    with pytest.raises(UsageError, match="reference needs no sanitizer in its process") as caught:
        judge_all(options("reference", library))
    assert "libasan.so" in str(caught.value)


def test_file_names_are_safe_and_differ() -> None:
    names = file_names(
        ["a/libx.so", "b/libx.so", "apache-tvm-ffi==0.1.0", "..", "a b;$(x)", "LIBX.so", "x" * 300]
    )
    assert names[:3] == ["libx.so.json", "libx.so-2.json", "apache-tvm-ffi==0.1.0.json"]
    assert names[3:6] == ["target.json", "a_b___x_.json", "LIBX.so-3.json"]
    assert len(names[6]) < 200
    assert file_names(["reference"], (2, 4)) == ["reference.part2of4.json"]


# The command.


def refused(run: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    (paragraph,) = [line for line in run.stderr.splitlines() if line.startswith("ffi-cts: ")]
    for part in parts:
        assert part in paragraph


@pytest.mark.parametrize("option", ["--json", "--junit", "--sarif", "--badge", "--write-expect"])
def test_what_is_about_one_target_is_refused(here: Here, tmp_path: Path, option: str) -> None:
    run = here("run", "reference", reference_library(), option, tmp_path / "file")
    refused(run, f"{option} is about one target, and 2 were given", "--json-dir")
    assert not (tmp_path / "file").exists()


def test_a_folder_for_reports_that_is_none(here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = here("run", "reference", reference_library(), "--json-dir", tmp_path / "file")
    refused(run, "--json-dir", "File exists")
    run = here("run", "reference", reference_library(), "--json-dir", tmp_path / "no" / "folder")
    refused(run, "--json-dir", "No such file or directory")


def test_of_several_targets_the_last_failures_are_joined(here: Here, tmp_path: Path) -> None:
    files = {word: tmp_path / f"{word}.so" for word in ("a", "b")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FFI_CTS_CACHE", str(here.cache))
        for (word, file), check in zip(files.items(), ONLY, strict=True):
            file.touch()
            deviating = CheckResult(
                id=check, clauses=("A",), level=Level.MUST, profile="core", status=Status.FAIL
            )
            remember(str(file), report_of(word, deviating))
    run = here("run", *files.values(), "--last-failed", "--list")
    assert [line.split()[0] for line in run.stdout.splitlines()] == sorted(ONLY)


def report_of(id: str, *checks: CheckResult) -> Report:
    return Report(
        suite=Suite(version="1", spec_sha256=""),
        implementation=Implementation(id=id, path=f"/{id}", sha256=""),
        run=Run(effort="quick", seed=0),
        checks=checks,
    )


def test_a_log_tells_of_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display(quiet=False, targets=2)
    with display:
        progress = display.callbacks()
        progress.planned(1000)
        for _ in range(1000):
            progress.result(
                CheckResult(
                    id="a", clauses=("A",), level=Level.MUST, profile="core", status=Status.PASS
                )
            )
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 + 10
    assert said[1] == "100 of 1000 checks are done"


def test_a_list_of_several_targets_names_each_check_once(here: Here) -> None:
    run = here("run", "reference", reference_library(), "--list", *QUICK)
    assert run.stdout.count(CREATE) == 1


@pytest.mark.slow
def test_the_command_shows_targets_side_by_side(
    command: Command, empty: Path, tmp_path: Path
) -> None:
    folder, summary = tmp_path / "reports", tmp_path / "m.md"
    mine = Path(shutil.copy2(reference_library(), tmp_path / "libmine.so"))
    run = command(
        *("run", "reference", mine, empty, "reference", *QUICK),
        *("--json-dir", folder, "--markdown", summary),
    )
    assert run.returncode == 4, run.stderr
    assert "running 6 checks of 3 targets" in run.stderr
    assert "libempty.so: done" in run.stderr
    assert "libmine.so: conformant" in run.stdout
    assert "2 of 2 clauses differ among 3 targets" in run.stdout
    assert sorted(file.name for file in folder.iterdir()) == [
        "libempty.so.json",
        "libmine.so.json",
        "reference.json",
    ]
    assert "2 of 2 clauses differ" in summary.read_text()
    saved = store.read(folder / "libmine.so.json")
    assert saved.implementation.id == "libmine.so"
    table = command("report", *sorted(folder.iterdir()), "--json", "-")
    assert json.loads(table.stdout)["exit_code"] == 4
    quiet = command("run", "reference", mine, *QUICK, "-q")
    assert quiet.stdout == "reference: conformant\nlibmine.so: conformant\n"


@pytest.mark.slow
def test_a_drafted_file_is_taken_after_its_reasons_were_filled_in(
    command: Command, tmp_path: Path, hostile: dict[str, Path]
) -> None:
    library, draft = hostile["crashes_at_seven_references"], tmp_path / "known.toml"
    words = ("run", library, "--effort", "quick", "--only", "refcount/*")
    run = command(*words, "--write-expect", draft)
    assert run.returncode == 1, run.stderr
    refused(command(*words, "--write-expect", draft), "a draft replaces none")
    run = command(*words, "--expect", draft)
    assert run.returncode == 0, run.stdout
    assert "a placeholder for a reason" in " ".join(run.stderr.split())
    refused(command(*words, "--expect", draft, "--strict"), "--strict: In the expectation file")
    again = tmp_path / "again.toml"
    command(*words, "--expect", draft, "--write-expect", again)
    assert "[[expect]]" not in again.read_text()
    draft.write_text(draft.read_text().replace("TODO: ", ""))
    assert command(*words, "--expect", draft, "--strict").returncode == 0
