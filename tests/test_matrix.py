# SPDX-License-Identifier: Apache-2.0
"""Several targets beside each other."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from ffi_cts.frontends.cli.report import report as command
from ffi_cts.report import matrix_views as views
from ffi_cts.report import store
from ffi_cts.report.matrix import Matrix, State, build
from ffi_cts.results import CheckResult, Implementation, Level, Report, Run, Status, Suite

SHORT = {
    ".": Status.PASS,
    "F": Status.FAIL,
    "C": Status.CRASH,
    "T": Status.TIMEOUT,
    "-": Status.UNSUPPORTED,
    "?": Status.LOST,
}


def check(id: str, letter: str, clause: str, *, waived: bool = False) -> CheckResult:
    status = SHORT[letter]
    return CheckResult(
        id=id,
        clauses=(clause, "Z-TOUCHED-01"),
        level=Level.MUST,
        profile="core",
        status=Status.WAIVED if waived else status,
        outcome=status.value if waived else "",
        waiver="known" if waived else "",
    )


def report(id: str, *checks: CheckResult, effort: str = "quick", sha256: str = "") -> Report:
    return Report(
        suite=Suite(version="1", spec_sha256="a" * 64),
        implementation=Implementation(id=id, path=f"/lib/{id}.so", sha256=sha256 or "b" * 64),
        run=Run(effort=effort, seed=0),
        checks=checks,
    )


def releases(**clauses: str) -> Matrix:
    """A matrix of releases 0.1.0, 0.1.1 …; each clause has one check, a letter for each release."""
    number = len(next(iter(clauses.values())))
    return build(
        [
            report(
                f"apache-tvm-ffi==0.1.{n}",
                *(
                    check(f"a/b::{clause}", letters[n], clause)
                    for clause, letters in clauses.items()
                    if letters[n] != " "
                ),
            )
            for n in range(number)
        ]
    )


def shown(matrix: Matrix, width: int = 100, *, every: bool = False) -> str:
    file = io.StringIO()
    views.render(matrix, Console(file=file, width=width), width=width, every=every)
    return file.getvalue()


def test_only_rows_that_differ_are_kept() -> None:
    matrix = releases(SAME="FFF", HOLDS="...", OTHER="F..")
    assert [row.clause for row in matrix.rows] == ["OTHER"]
    assert matrix.clauses == 3
    assert views.sentence(matrix) == "1 of 3 clauses differs among 3 targets"


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("..FF..", "came 0.1.2, went 0.1.4"),
        ("FF....", "went 0.1.2"),
        ("FFC...", "changed 0.1.2, went 0.1.3"),
        ("--..F.", "possible from 0.1.2, came 0.1.4, went 0.1.5"),
        ("--FF..", "came 0.1.2, went 0.1.4"),
        ("FF--..", "not possible from 0.1.2, possible from 0.1.4"),
        ("F? F..", "went 0.1.4"),
        (".?....", ""),
        ("FFFFF?", "already in 0.1.0"),
        ("...  F", "came 0.1.5"),
    ],
)
def test_when_a_deviation_came_and_went(letters: str, told: str) -> None:
    (row,) = releases(A=letters).rows
    assert views.history(row) == told


def test_releases_stand_in_the_order_of_versions_before_other_targets() -> None:
    versions = ["0.1.10", "0.1.9", "0.1.9.post1"]
    ids = ["reference", *(f"apache-tvm-ffi=={version}" for version in versions)]
    matrix = build([report(id, check("a", ".", "A")) for id in ids])
    assert matrix.labels == (
        "apache-tvm-ffi==0.1.9",
        "apache-tvm-ffi==0.1.9.post1",
        "apache-tvm-ffi==0.1.10",
        "reference",
    )
    assert matrix.releases == (0, 1, 2)


def test_waivers_hide_no_difference() -> None:
    matrix = build(
        [report("a", check("x", "F", "A", waived=True)), report("b", check("x", ".", "A"))]
    )
    (row,) = matrix.rows
    assert [cell.state for cell in row.cells] == [State.DEVIATES, State.HOLDS]
    assert row.cells[0].counts == {"fail": 1}
    assert row.events == ()


def test_a_clause_that_a_check_merely_touches_has_no_row() -> None:
    matrix = build([report("a", check("x", "F", "A")), report("b", check("x", ".", "A"))])
    assert [row.clause for row in matrix.rows] == ["A"]


def test_another_check_of_the_same_clause_is_a_difference() -> None:
    one = report("a", check("x", "F", "A"), check("y", ".", "A"))
    other = report("b", check("x", ".", "A"), check("y", "F", "A"))
    assert [row.clause for row in build([one, other]).rows] == ["A"]


def test_the_worst_comes_first_in_a_cell() -> None:
    one = report("a", *(check(f"x{n}", letter, "A") for n, letter in enumerate("FCFT.")))
    matrix = build([one, report("b", check("x0", ".", "A"))])
    assert views.mark(matrix.rows[0].cells[0]) == "CTF2"
    assert list(matrix.rows[0].cells[0].counts) == ["crash", "fail", "timeout", "pass"]


def test_neighbours_that_are_alike_share_a_column() -> None:
    matrix = releases(A="..FF.", B="..FF.")
    assert [column.targets for column in matrix.columns] == [(0, 1), (2, 3), (4,)]
    text = shown(matrix)
    assert "   1  apache-tvm-ffi==0.1.0 to 0.1.1 (2 releases)\n" in text
    assert "A       must      .  F  .  came 0.1.2, went 0.1.4\n" in text


def test_a_release_shares_no_column_with_another_target() -> None:
    ids = ("libmine.so", "apache-tvm-ffi==0.1.0", "apache-tvm-ffi==0.1.1")
    matrix = build([report(id) for id in ids])
    assert [column.targets for column in matrix.columns] == [(0, 1), (2,)]


def test_a_single_release_has_no_history() -> None:
    one = report("apache-tvm-ffi==0.1.0", check("x", "F", "A"))
    (row,) = build([one, report("reference", check("x", ".", "A"))]).rows
    assert row.events == ()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_many_columns_fit_the_terminal(width: int) -> None:
    """Twenty-one releases, each unlike its neighbour."""
    letters = "".join(".F"[n % 2] for n in range(21))
    text = shown(releases(**{f"LONG-CLAUSE-{n:02}": letters for n in range(3)}), width)
    table = text[text.index("clause ") :]
    marks = [line for line in table.splitlines() if line.startswith("LONG")]
    assert max(map(len, marks)) <= width
    assert sum(line.count(" F") for line in marks if line.startswith("LONG-CLAUSE-00")) == 10


def test_clauses_that_merely_became_possible_share_a_line() -> None:
    matrix = releases(A="--.", B="--.", C="-..", D="-F.")
    lines = shown(matrix).splitlines()
    (line,) = [line for line in lines if line.startswith("A ")]
    assert line.startswith("A +1    must")
    assert "possible from 0.1.2" in line
    assert [line for line in shown(matrix, every=True).splitlines() if line.startswith("B ")]


def test_targets_of_one_name_are_told_apart() -> None:
    same = [report("lib.so"), report("lib.so"), report("other.so")]
    assert build(same, ["a/lib.so", "b/lib.so", "x"]).labels == (
        "lib.so (a/lib.so)",
        "lib.so (b/lib.so)",
        "other.so",
    )
    assert len(set(build(same).labels)) == 3


def test_what_can_hardly_be_compared_is_told() -> None:
    lost = report("b", check("x", "?", "A"), effort="deep")
    matrix = build([report("a", check("x", ".", "A")), lost])
    assert matrix.remarks == (
        "the reports are of 2 different efforts and seeds",
        "not every check has a result in b",
    )
    assert "note: not every check has a result in b" in shown(matrix)


def test_the_table_as_json_and_markdown() -> None:
    matrix = releases(A=".FF.")
    data = json.loads(views.to_json(matrix))
    assert data["kind"] == "table"
    assert [target["verdict"] for target in data["targets"]][:2] == ["conformant", "nonconformant"]
    assert data["exit_code"] == 1
    (row,) = data["rows"]
    assert row["events"] == [
        {"what": "came", "release": "0.1.1"},
        {"what": "went", "release": "0.1.3"},
    ]
    assert row["cells"][1] == {
        "state": "deviates",
        "counts": {"fail": 1},
        "deviating": {"a/b::A": "fail"},
    }
    assert data["columns"][1] == ["apache-tvm-ffi==0.1.1", "apache-tvm-ffi==0.1.2"]
    text = views.markdown(matrix)
    assert "| A | must | . | F | . | came 0&#46;1&#46;1, went 0&#46;1&#46;3 |" in text
    assert "`0.1.1 to 0.1.2`" in text


def test_foreign_text_does_nothing() -> None:
    evil = "x\x1b[2J|<script>`[b]"
    matrix = build([report(evil, check("a", "F", "A|\x1b[2J<i>")), report("b")])
    assert "\x1b" not in shown(matrix) + views.markdown(matrix)
    assert "<script>" not in views.markdown(matrix)


# The command.


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Reports on two libraries, of which one deviates."""
    files = (tmp_path / "a.json", tmp_path / "b.json")
    for file, letter in zip(files, ".F", strict=True):
        store.write(report(f"lib{file.stem}.so", check("x", letter, "A")), file)
    return files


def test_saved_reports_are_shown_side_by_side(two: tuple[Path, Path], tmp_path: Path) -> None:
    result = run(*two)
    assert result.exit_code == 1
    assert "liba.so: conformant" in result.output
    assert "1 of 1 clause differs among 2 targets" in result.output
    table = tmp_path / "table.json"
    assert run(*two, "--json", table, "--markdown", tmp_path / "m.md").exit_code == 1
    assert json.loads(table.read_text())["kind"] == "table"
    assert "2 targets" in (tmp_path / "m.md").read_text()


def refused(result: Result, *parts: str) -> None:
    assert result.exit_code != 0
    assert result.exception is not None
    said = str(result.exception)
    assert "\n" not in said
    for part in parts:
        assert part in said


def test_what_can_not_be_put_side_by_side(two: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = two
    refused(run(one, one), "are both reports on liba.so", "ffi-cts diff")
    refused(run(one, other, "--sarif", tmp_path / "x"), "--sarif is about one target", "2 were")
    run(one, other, "--json", tmp_path / "table.json")
    refused(run(one, tmp_path / "table.json"), "is a table, which `ffi-cts report` wrote")


def test_another_build_of_the_same_name_is_another_target(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    store.write(report("liba.so", check("x", "F", "A"), sha256="c" * 64), again)
    output = run(two[0], again).output
    assert f"liba.so ({two[0]}): conformant" in " ".join(output.split())
