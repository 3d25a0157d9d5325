# SPDX-License-Identifier: Apache-2.0
"""What results say: sentences for a reader of C, the same in every run."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.engine import observation
from ffi_cts.engine.context import Nonconformance
from ffi_cts.selftest.variants import Builder, load_variants
from support.command import Command

INSIDES = re.compile(
    r"^assert |object at|at 0x|<cdata|<function|object>|lambda|Falsif|Failing |Hypothesis"
    r"|hypothesis|@example|temporarily|reproduce this|py_assert|Traceback"
    r"|\bcts_(?!threads?_)|pointer \*",
    re.MULTILINE,
)
"""What comes from Python, pytest, Hypothesis, cffi or the suite's own C."""

MUTANTS = {
    "bytes_come_as_a_string": "strings",
    "call_clears_its_arguments": "functions",
    "call_narrows_integers": "functions",
    "counts_kept_beside_the_object": "deletion",
    "decref_deletes_one_early": "refcount",
    "dtype_lanes_in_one_byte": "dtype",
    "error_borrows_its_message": "errors",
    "function_deletes_its_self_twice": "globals",
    "init_does_not_wait": "handles",
    "owned_float_is_canonical": "values",
    "raised_text_leaks": "errors",
    "replaced_function_dies": "globals",
}
"""Each with a topic whose checks find it."""


def told(report: Path) -> Iterator[tuple[str, str]]:
    """Each text of a report that a reader gets, with the check that it is of."""
    for check in json.loads(report.read_text())["checks"]:
        if check["status"] in ("pass", "unsupported"):
            continue
        yield check["id"], check["message"].partition("\n")[2]  # behind the clause
        yield check["id"], check["example"]
        yield check["id"], "\n".join(check["calls"])


@pytest.fixture(scope="module")
def mutants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    chosen = [variant for variant in load_variants() if variant.name in MUTANTS]
    assert len(chosen) == len(MUTANTS)
    return Builder(tmp_path_factory.mktemp("mutants"), jobs=2).build(chosen)


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_no_insides_are_told(
    command: Command, mutants: dict[str, Path], tmp_path: Path, name: str
) -> None:
    report = tmp_path / "report.json"
    only = f"--only={MUTANTS[name]}/*"
    command("run", mutants[name], "--effort", "quick", only, "--json", report)
    texts = list(told(report))
    assert texts
    leaks = [(check, text) for check, text in texts if INSIDES.search(text)]
    assert not leaks


@pytest.mark.slow
def test_two_runs_say_the_same(command: Command, mutants: dict[str, Path], tmp_path: Path) -> None:
    library = mutants["function_deletes_its_self_twice"]
    first, second = (untimed(command, library, tmp_path / name) for name in ("1", "2"))
    assert sum(check["status"] in ("fail", "crash") for check in first["checks"]) > 20
    assert first == second


def untimed(command: Command, library: Path, report: Path) -> Any:
    """A report without what tells the time."""
    command("run", library, "--effort", "quick", "--json", report)

    def without_times(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: v for k, v in value.items() if k not in ("seconds", "started")}
            return {name: without_times(each) for name, each in kept.items()}
        return [without_times(each) for each in value] if isinstance(value, list) else value

    return without_times(json.loads(report.read_text()))


def said(op: str, left: object, right: object, line: str, words: str = "") -> str:
    """What is said of an assertion that pytest has explained."""
    observation.comparison.remember(op, left, right)
    text = f"{words}\nassert 1 == 2" if words else "assert 1 == 2"
    (test,) = [node.test for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Assert)]
    return observation.sentence(text, test)


@pytest.mark.parametrize(
    ("op", "left", "right", "line", "words", "expected"),
    [
        (
            *("==", 0, 1, "assert closure.deletions == 1", ""),
            "closure.deletions is 0, where 1 is due",
        ),
        (
            *("==", (2, 1), (1, 1), "assert runtime.counts(obj) == (1, 1)", ""),
            "counts(obj) is (2, 1), where (1, 1) is due",
        ),
        ("==", 3, 1, "assert found == 1", "three were found", "three were found"),
        (
            *("==", 3, 1, "assert closure.calls == 1", "called too often"),
            "called too often: closure.calls is 3, where 1 is due",
        ),
        ("==", 3, 1, "assert closure.calls == 1", "called 3 times", "called 3 times"),
        (">=", 0, 1, "assert int(x.y) >= 1", "", "x.y is 0, where at least 1 is due"),
        ("==", 1, 0, "assert a.x == b.x == 0", "", "a.x == b.x == 0 does not hold: 1 is no 0"),
    ],
)
def test_an_assertion_becomes_a_sentence(
    op: str, left: object, right: object, line: str, words: str, expected: str
) -> None:
    assert said(op, left, right, line, words) == expected


def test_a_failure_in_words_stays_as_it_is() -> None:
    assert observation.of(Nonconformance("in words")) == "in words"


def test_addresses_are_left_out() -> None:
    text = "got 94834707771136 and 0x7ffff7abc000, not 134140418592768 or 4096"
    expected = "got (an address) and (an address), not 134140418592768 or 4096"
    assert observation.without_addresses(text) == expected
