# SPDX-License-Identifier: Apache-2.0
"""The one assembler of runs, in process: what it reads, keeps, says, and clears away."""

from __future__ import annotations

import shutil
import sys
import types
from contextlib import closing
from datetime import date
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import reference_library
from ffi_cts.engine.plan import Check
from ffi_cts.errors import UsageError
from ffi_cts.expectations import Expectation, Expectations
from ffi_cts.library import elf
from ffi_cts.report import junit, markdown, store
from ffi_cts.report.words import verdict_sentence
from ffi_cts.results import Report, Status, Verdict
from ffi_cts.session import Options, Progress, Session, judge, listing

CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"
STREAM = "streams/bad_device::impossible_device_does_not_end_the_process"
OPTIONS = Options(target="reference", only=(CREATE, STREAM), effort="quick")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFI_CTS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process, empty at first."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def statuses(report: Report) -> dict[str, Status]:
    return {check.id: check.status for check in report.checks}


def expected(check: str, outcome: str = "fail", until: date | None = None) -> Expectations:
    return Expectations(
        entries=(Expectation(check=check, outcome=outcome, reason="known", until=until),)
    )


def test_a_run_from_options_to_report(scratch: Path) -> None:
    planned: list[int] = []
    seen: list[str] = []
    progress = Progress(planned=planned.append, result=lambda result: seen.append(result.id))
    report = judge(OPTIONS, progress=progress)
    assert statuses(report) == {CREATE: Status.PASS, STREAM: Status.PASS}
    assert (planned, sorted(seen)) == ([2], sorted([CREATE, STREAM]))
    assert (report.kind, report.base_profile) == ("runtime", "core")
    (second,) = report.companions
    assert (second.role, second.id, second.sha256) == (
        "second",
        "reference",
        report.implementation.sha256,
    )
    assert report.machine is not None
    assert report.run.partial
    assert report.run.only == OPTIONS.only
    assert list(scratch.iterdir()) == []


def test_each_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    inspect = elf.inspect_library

    def counting(path: Path) -> elf.ElfFacts:
        read.append(path)
        return inspect(path)

    monkeypatch.setattr("ffi_cts.library.targets.inspect_library", counting)
    judge(OPTIONS)
    assert len(read) <= 2  # the subject and its companion, here of one file


def test_python_keeps_its_own_modules_beside_checks_of_the_same_name() -> None:
    assert listing(Options(target="reference", only=("types/*",)))
    assert sys.modules["types"] is types


def test_an_interruption_leaves_the_rest_lost(scratch: Path) -> None:
    def interrupt(result: object) -> None:
        raise KeyboardInterrupt

    report = judge(OPTIONS, progress=Progress(result=interrupt))
    assert report.run.interrupted
    assert report.exit_code() == 3
    assert Status.LOST in statuses(report).values()
    assert "the run was interrupted" in verdict_sentence(report)
    assert list(scratch.iterdir()) == []


def test_results_that_nobody_waits_for_are_lost() -> None:
    with Session(attrs.evolve(OPTIONS, jobs=1)) as session:

        def loop(checks: list[Check]) -> None:
            with closing(session.run(checks)) as results:
                next(results)

        session.collect(loop)
        report = session.report()
    assert sorted(check.status.value for check in report.checks) == ["lost", "pass"]
    assert report.run.interrupted


def test_a_companion_that_is_replaced_voids_the_results(tmp_path: Path) -> None:
    second = Path(shutil.copy2(reference_library(), tmp_path / "libother.so"))

    def replace(total: int) -> None:
        second.write_bytes(second.read_bytes() + b"\0")

    options = attrs.evolve(OPTIONS, against=str(second))
    report = judge(options, progress=Progress(planned=replace))
    assert set(statuses(report).values()) == {Status.LOST}
    assert [finding.id for finding in report.findings] == ["library-changed"]
    assert "libother.so was replaced" in report.findings[0].message


@pytest.mark.parametrize(
    "stale",
    [
        expected(CREATE),
        expected("functions/create::no_such_check"),
        expected(CREATE, until=date(2000, 1, 1)),
    ],
    ids=["passes", "unmatched", "expired"],
)
def test_every_rendering_says_why_a_strict_run_fails(stale: Expectations) -> None:
    report = judge(attrs.evolve(OPTIONS, strict=True), stale)
    assert (report.verdict, report.exit_code()) == (Verdict.CONFORMANT, 1)
    why = "but the run fails: --strict, and 1 expectation should be edited"
    assert why in verdict_sentence(report)
    data = store.to_data(report)
    assert (data["exit_code"], data["because"]) == (1, [why])
    assert "the run fails: --strict" in junit.render(report)
    assert 'failures="1"' in junit.render(report)
    assert "the run fails: --strict" in " ".join(
        markdown.render(report).replace("&#58;", ":").split()
    )
    relaxed = judge(OPTIONS, stale)
    assert relaxed.exit_code() == 0
    assert "--strict" not in verdict_sentence(relaxed) + junit.render(relaxed)


def test_a_selection_outside_of_the_base_profile_is_judged() -> None:
    options = Options(target="reference", profiles=("registry",), effort="quick")
    report = judge(options)
    assert (report.verdict, report.exit_code()) == (Verdict.CONFORMANT, 0)
    assert dict(report.verdicts) == {"registry": Verdict.CONFORMANT}


def test_a_subject_that_cannot_be_used_leaves_nothing(tmp_path: Path, scratch: Path) -> None:
    text = tmp_path / "libtext.so"
    text.write_text("no library")
    with pytest.raises(UsageError, match="not an ELF file"):
        judge(attrs.evolve(OPTIONS, target=str(text)))
    assert list(scratch.iterdir()) == []


def test_the_checks_of_each_part_can_be_listed() -> None:
    options = attrs.evolve(OPTIONS, only=("VER-*",))
    parts = [listing(attrs.evolve(options, shard=(number, 2))) for number in (1, 2)]
    ids = sorted(check.id for part in parts for check in part)
    assert all(parts)
    assert ids == sorted(check.id for check in listing(options))
