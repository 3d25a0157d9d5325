# SPDX-License-Identifier: Apache-2.0
"""What changed between two runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from ffi_cts.frontends.cli.diff import diff as command
from ffi_cts.report import diff_views as views
from ffi_cts.report import store
from ffi_cts.report.diff import Change, Diff, compare
from ffi_cts.results import CheckResult, Implementation, Level, Report, Run, Status, Suite

CLAUSE = "A-ONE-01"


def check(
    status: Status, id: str = "a/b::c", outcome: str = "", level: Level = Level.MUST
) -> CheckResult:
    return CheckResult(
        id=id,
        clauses=(CLAUSE,),
        level=level,
        profile="core",
        status=status,
        outcome=outcome,
        message=f"{CLAUSE}: What is promised.\nseen: 5" if status is Status.FAIL else "",
    )


def report(*checks: CheckResult, version: str = "1", run: Run | None = None) -> Report:
    return Report(
        suite=Suite(version=version, spec_sha256=""),
        implementation=Implementation(id="lib", path="/lib.so", sha256="0" * 64),
        run=run or Run(effort="quick", seed=0),
        checks=checks,
    )


P, F, U = Status.PASS, Status.FAIL, Status.UNSUPPORTED
CASES: list[tuple[CheckResult | None, CheckResult | None, Change | None, int]] = [
    (check(P), check(P), None, 0),
    (check(P), check(F), Change.BROKEN, 1),
    (check(P), check(Status.WARN, outcome="fail", level=Level.SHOULD), Change.BROKEN, 0),
    (check(P), check(Status.WAIVED, outcome="fail"), Change.BROKEN, 1),
    (check(Status.UNEXPECTED_PASS), check(Status.CRASH), Change.BROKEN, 1),
    (check(U), check(F), Change.BROKEN, 1),
    (check(P), check(U), Change.BROKEN, 1),
    (check(F), check(P), Change.FIXED, 0),
    (check(Status.WAIVED, outcome="fail"), check(P), Change.FIXED, 0),
    (check(F), check(Status.TIMEOUT), Change.CHANGED, 0),
    (check(F), check(F), None, 0),
    (check(F), check(U), Change.CHANGED, 0),
    (check(U), check(P), Change.CHANGED, 0),
    (check(P), check(Status.LOST), Change.UNKNOWN, 3),
    (check(Status.ERROR), check(F), Change.UNKNOWN, 0),
    (check(Status.LOST), check(Status.LOST), None, 0),
    (None, check(F), Change.NEW, 0),
    (check(F), None, Change.GONE, 0),
]


@pytest.mark.parametrize(("old", "new", "change", "code"), CASES)
def test_what_becomes_of_a_check(
    old: CheckResult | None, new: CheckResult | None, change: Change | None, code: int
) -> None:
    found = compare(report(*filter(None, [old])), report(*filter(None, [new])))
    assert [each.change for each in found.differences] == ([change] if change else [])
    assert found.exit_code(gate=True) == code
    assert found.exit_code(gate=False) == (3 if code == 3 else 0)


def test_an_interrupted_run_is_no_success() -> None:
    run = Run(effort="quick", seed=0, interrupted=True)
    assert compare(report(check(P)), report(run=run)).exit_code(gate=True) == 3


def test_what_makes_runs_less_comparable_is_told() -> None:
    old = report(run=Run(effort="quick", seed=0))
    new = report(version="2", run=Run(effort="deep", seed=3, partial=True))
    assert compare(old, old).remarks == ()
    assert compare(old, new).remarks == (
        "suite 1 judged then, 2 now",
        "quick effort with seed 0 then, deep with seed 3 now",
        "the new run was only of a selection of the checks",
    )
    other = attrs.evolve(old, kind="module")
    assert compare(old, other).remarks == (
        "the subjects are of different kinds: runtime and module",
    )


def shown(found: Diff, *, every: bool = False) -> str:
    stream = io.StringIO()
    views.render(found, Console(file=stream, soft_wrap=True), every=every)
    return stream.getvalue()


def test_every_view_tells_the_observation_and_no_foreign_text_acts() -> None:
    wicked = attrs.evolve(
        check(F, id="x/y::<b>|z"), message=f"{CLAUSE}: Promise.\n\x1b[31m|<script>"
    )
    found = compare(report(check(P, id="x/y::<b>|z"), check(P)), report(wicked, check(F)))
    terminal, page = shown(found), views.markdown(found)
    data = json.loads(views.to_json(found, gate=True))
    assert "broken (2)" in terminal
    assert "2 broken (2 MUST checks newly broken)" in terminal
    assert "pass -> fail" in terminal
    assert "seen: 5" in terminal
    assert "What is promised" not in terminal
    assert "\x1b" not in terminal + page
    assert "<script>" not in page
    assert (data["exit_code"], data["summary"]["broken"]) == (1, 2)
    assert data["differences"][1]["observation"] == "seen: 5"


def test_new_and_gone_checks_are_counted_unless_asked_for() -> None:
    found = compare(report(check(P, id="old/one::x")), report(check(P, id="new/one::x")))
    assert "new (1)" in shown(found)
    assert "new/one::x" not in shown(found)
    assert "new/one::x" in shown(found, every=True)
    assert "old/one::x" in shown(found, every=True)


def run_diff(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def test_the_command(tmp_path: Path) -> None:
    old, new, out = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "out.json"
    store.write(report(check(P)), old)
    store.write(report(check(F)), new)
    assert run_diff(str(old), str(old), "--gate").output.endswith("nothing changed\n")
    done = run_diff(str(old), str(new), "-q")
    assert (done.exit_code, done.output) == (0, "1 broken (1 MUST check newly broken)\n")
    markdown = tmp_path / "out.md"
    words = ["--gate", "--json", str(out), "--markdown", str(markdown)]
    assert run_diff(str(old), str(new), *words).exit_code == 1
    assert json.loads(out.read_text())["exit_code"] == 1
    assert "### broken (1)" in markdown.read_text()


@pytest.mark.parametrize("content", ["", "[]", '{"schema": 1}', "text"])
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    store.write(report(check(P)), good)
    bad.write_text(content)
    for pair in ((good, bad), (bad, good)):
        done = run_diff(*map(str, pair))
        assert done.exit_code != 0
        assert "bad.json" in str(done.exception)
    over = run_diff(str(good), str(good), "--json", str(good))
    assert "would overwrite" in str(over.exception)
