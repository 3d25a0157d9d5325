# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts exchange``: who can be named, what a cell says, and which variants are caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts.options import Options
from ffi_cts.report import store
from ffi_cts.report.exchange import matrix, table
from ffi_cts.results import (
    CheckResult,
    CompanionFacts,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
)
from ffi_cts.selftest.matrix import run_selftest
from ffi_cts.selftest.variants import load_variants
from support.command import Command, Here

BENIGN = Path(__file__).parent / "benign" / "exchange"
MUTANTS = Path(__file__).parent / "mutants" / "exchange"
SMALL = BENIGN / "nothing_is_odd.py"

Adapter = Callable[[str], Path]


@pytest.fixture
def adapter(tmp_path: Path) -> Adapter:
    """Writes an adapter and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "mine.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def check(cell: tuple[str, str], status: Status, clause: str) -> CheckResult:
    producer, consumer = cell
    return CheckResult(
        id=f"exchange/x::{clause}[{producer}->{consumer}]",
        clauses=(clause,),
        level=Level.MUST,
        profile="exchange",
        status=status,
        producer=producer,
        consumer=consumer,
    )


def report(*checks: CheckResult, kind: str = "exchange") -> Report:
    return Report(
        suite=Suite(version="1", spec_sha256=""),
        implementation=Implementation(id="a==1, b", path="", sha256=""),
        run=Run(effort="quick", seed=0),
        kind=kind,
        base_profile="exchange",
        companions=tuple(
            CompanionFacts(role="library", id=name, sha256="") for name in ("b==2", "a==1")
        ),
        checks=checks,
    )


def test_a_cell_says_the_worst_of_its_checks() -> None:
    rows = matrix(
        report(
            check(("a", "strict"), Status.PASS, "X-01"),
            check(("a", "strict"), Status.FAIL, "X-02"),
            check(("a", "strict"), Status.FAIL, "X-03"),
            check(("b", "a"), Status.PASS, "X-01"),
            check(("b", "a"), Status.UNSUPPORTED, "X-02"),
            check(("strict", "b"), Status.CRASH, "X-01"),
        )
    )
    assert table(rows) == [
        ["producer \\ consumer", "b", "a", "strict"],
        ["b", "-", "ok", "-"],
        ["a", "-", "-", "fail 2"],
        ["strict", "crash 1", "-", "-"],
    ]


def test_other_reports_have_no_matrix() -> None:
    assert matrix(report(check(("", ""), Status.PASS, "X-01"), kind="runtime")) == []


@pytest.mark.slow
def test_numpy_and_the_reference_conform(command: Command, tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    file = tmp_path / "report.json"
    done = command("exchange", "numpy", "reference", "--effort", "quick", "--json", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "producer \\ consumer  numpy  reference  strict" in done.stdout
    data = json.loads(file.read_text())
    assert data["verdict"] == "conformant"
    assert data["summary"]["error"] == data["summary"]["lost"] == 0
    cells = {(entry["producer"], entry["consumer"]) for entry in data["checks"]}
    names = ("numpy", "reference", "strict")
    assert cells == {(a, b) for a in names for b in names} - {("strict", "strict")}
    assert all(f"[{a['producer']}->{a['consumer']}]" in a["id"] for a in data["checks"])
    again = command("report", file, "--markdown", "-")
    assert again.returncode == 0, again.stderr


def test_a_deviation_is_in_its_cell_and_can_be_repeated(command: Command) -> None:
    wrong = MUTANTS / "byte_offset_is_ignored.py"
    only = "exchange/reading::compact_tensor_is_taken_as_it_is[versioned]*"
    done = command("exchange", wrong, SMALL, "--effort", "quick", "--only", only)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "strict -> byte_offset_is_ignored: fail 1: EXCH-READ-01" in done.stdout
    assert f"reproduce ffi-cts exchange {wrong} --effort quick --only" in done.stdout
    assert "strict -> nothing_is_odd: " not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuchthing"], "There is no library 'nosuchthing' that can be judged."),
        (["reference", "reference"], "'reference' and 'reference' are the same library"),
        (["./missing.so"], "missing.so"),
        (["./missing.py"], "missing.py"),
    ],
)
def test_who_can_not_be_judged_is_told_at_once(here: Here, words: list[str], said: str) -> None:
    done = here("exchange", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise OSError('no driver')", "its import fails with OSError: no driver"),
        ("import os\nos.abort()", "killed by SIGABRT inside import of mine"),
        ("import os\nos._exit(3)", "the process exited with code 3 inside import of mine"),
        ("x = 1", "has no attribute 'Library'"),
    ],
)
def test_an_import_that_fails_ends_the_run_before_it_begins(
    command: Command, adapter: Adapter, text: str, said: str
) -> None:
    done = command("exchange", adapter(text), "--effort", "quick")
    assert done.returncode == 2
    assert said in done.stderr
    assert "running" not in done.stderr


def test_a_library_that_can_do_nothing_is_told(command: Command, adapter: Adapter) -> None:
    text = (
        "from ffi_cts.selftest.mini import Mini\n"
        "class Library(Mini):\n"
        "    def make(self, tensor, *, readonly=False):\n"
        "        raise NotImplementedError('no DLPack here')\n"
        "    def _consume(self, source, **asked):\n"
        "        raise NotImplementedError('no DLPack here')\n"
    )
    done = command("exchange", adapter(text), "--effort", "quick")
    assert done.returncode == 2
    assert "neither makes nor takes a tensor: NotImplementedError: no DLPack here" in done.stderr


@pytest.mark.slow
def test_wrong_libraries_are_found_and_odd_ones_spared() -> None:
    names = [variant.name for variant in load_variants() if variant.exchanges]
    assert len(names) > 40
    said: list[str] = []
    code = run_selftest(
        effort="quick",
        only=names,
        full=False,
        jobs=2,
        timeout_scale=2.0,
        json_file=None,
        say=said.append,
    )
    assert code == 0, "\n".join(said)


def test_a_library_without_an_adapter_is_judged_by_two_expressions(command: Command) -> None:
    pytest.importorskip("numpy")
    words = ("--module", "numpy", "--make", "lib.array(array)", "--only", "EXCH-READ-01")
    done = command("exchange", "reference", *words, "--effort", "quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "strict               ok" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Nothing is to be judged."),
        (["--make", "x"], "--make and --consume say how --module NAME is used."),
        (["--module", "json"], "--module json needs --make"),
        (["--module", "json", "--make", "lib("], "--make 'lib(' is no expression"),
        (["--module", "nosuchthing", "--make", "1"], "there is no module 'nosuchthing'"),
    ],
)
def test_options_of_a_library_without_an_adapter(here: Here, words: list[str], said: str) -> None:
    done = here("exchange", *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_every_format_has_the_matrix(here: Here, tmp_path: Path) -> None:
    file, page, summary = (tmp_path / name for name in ("r.json", "r.html", "r.md"))
    cells = report(
        check(("a", "strict"), Status.FAIL, "X-02"), check(("strict", "b"), Status.PASS, "X-01")
    )
    store.write(cells, file)
    done = here("report", file, "--markdown", summary, "--html", page)
    assert done.returncode == 1, done.stderr
    assert "| a | - | - | fail 1 |" in summary.read_text(encoding="utf-8")
    assert "- a to strict: fail 1: X-02" in summary.read_text(encoding="utf-8")
    assert "<td>fail 1</td>" in page.read_text(encoding="utf-8")


def test_repeating_a_check_names_the_libraries_of_its_cell() -> None:
    recipe = ("some.lib", "lib.array(array)", "lib.take(x)")
    options = Options(target="", libraries=("numpy", "torch"), recipe=recipe, effort="quick")
    assert options.command(["torch"]) == ["ffi-cts", "exchange", "torch", "--effort", "quick"]
    assert options.command(["numpy", "some.lib"]) == [
        *("ffi-cts", "exchange", "numpy", "--module", "some.lib", "--make", "lib.array(array)"),
        *("--consume", "lib.take(x)", "--effort", "quick"),
    ]
