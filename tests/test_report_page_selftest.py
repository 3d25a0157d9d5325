# SPDX-License-Identifier: Apache-2.0
"""The HTML page of the self-test."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from ffi_cts.abi import load
from ffi_cts.engine.plan import Check
from ffi_cts.results import CheckResult, Status
from ffi_cts.selftest.matrix import Matrix
from ffi_cts.selftest.page import render
from ffi_cts.selftest.variants import Variant
from support.browser import LOOK, Browse
from support.command import Command
from support.pages import accessible, contained, text_of
from test_report import check
from test_report_page import HOSTILE
from test_report_page_browser import CONTRAST

ONE, OTHER = "ERR-CREATE-01", "ERR-CREATE-02"


def variant(name: str, *violates: str, note: str = "it is like this") -> Variant:
    return Variant(name=name, source=Path(f"{name}.c"), note=note, violates=violates, replaces=())


def planned(id: str, *clauses: str) -> Check:
    return cast("Check", SimpleNamespace(id=id, clause_ids=clauses))


def ended(status: Status, id: str, message: str = "seen 5") -> dict[str, CheckResult]:
    return {id: check(status, id=id, message=message)}


CHECKS = (planned("errors/create::a", ONE), planned("errors/create::b", OTHER, ONE))
KILLED = variant("flaw_found", ONE, note="texts end at NUL")
SURVIVES = variant("flaw_missed", ONE, OTHER)
SPARED = variant("odd_and_fine")
ACCUSED = variant("odd_and_accused", note=HOSTILE)
GOOD = Matrix(
    (KILLED, SPARED),
    CHECKS,
    {
        KILLED.name: ended(Status.CRASH, CHECKS[0].id),
        SPARED.name: ended(Status.PASS, CHECKS[0].id),
    },
)
BAD = Matrix(
    (KILLED, SURVIVES, SPARED, ACCUSED),
    CHECKS,
    {
        **GOOD.results,
        SURVIVES.name: ended(Status.FAIL, CHECKS[0].id) | ended(Status.PASS, CHECKS[1].id),
        ACCUSED.name: ended(Status.FAIL, CHECKS[1].id, HOSTILE),
        "reference": ended(Status.LOST, CHECKS[1].id, "the child is gone"),
    },
)
PAGES = {
    "good": render(GOOD, complete=False),
    "bad": render(BAD, complete=False),
    "whole": render(BAD, complete=True),
}
EVERY = pytest.mark.parametrize("name", PAGES)


@EVERY
def test_the_page_needs_nothing_from_outside_and_everybody_can_use_it(name: str) -> None:
    page = PAGES[name]
    page.encode()
    contained(page)
    accessible(page)
    assert "<script>alert" not in page


def test_what_is_as_it_should_be() -> None:
    page = PAGES["good"]
    seen = text_of(page)
    assert "✓ nothing wrong 1 of 1 mutant killed, 1 of 1 odd variant spared" in seen
    assert "What is wrong" not in seen
    assert "✓ killed flaw_found texts end at NUL" in seen
    assert f"{ONE} crash in errors/create::a" in seen
    assert "✓ spared odd_and_fine it is like this Met 1 check." in seen
    # The clause leads to its mutants, and they to the clause and to the check.
    assert '<a href="#variant-1">flaw_found</a>' in page
    assert f'<a href="#{ONE}">{ONE}</a>' in page
    assert '<a href="#check-1">errors/create::a</a>' in page
    assert "errors/create::a kills 1" in seen
    # A part of the variants says nothing of clauses that none of them violates.
    assert OTHER not in seen


def test_what_is_wrong_comes_first() -> None:
    seen = text_of(PAGES["bad"])
    assert "✗ not as it should be 1 of 2 mutants killed, 1 of 2 odd variants spared" in seen
    assert f"survives flaw_missed no check of {OTHER} kills it" in seen
    assert "accused odd_and_accused errors/create::b:" in seen
    assert "error reference errors/create::b: the child is gone" in seen
    assert seen.index("What is wrong") < seen.index("At a glance")
    assert seen.index("✗ survives flaw_missed") < seen.index("✓ killed flaw_found")
    assert f"{OTHER} ✗" in seen


def test_the_whole_needs_a_kill_for_each_clause() -> None:
    seen = text_of(PAGES["whole"])
    assert "no kill ERR-CREATE-03 no mutant here violates it and dies of it" in seen
    assert "ERR-CREATE-03 !" in seen
    for clause in load().clauses.values():
        assert clause.text in seen


@pytest.mark.slow
def test_the_command_writes_it(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = command("selftest", "--only", "error_texts_end_at_nul", "--html", page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 mutant killed" in text_of(page.read_text(encoding="utf-8"))


@pytest.mark.slow
@EVERY
def test_a_phone_shows_it_without_scrolling_sideways(browse: Browse, name: str) -> None:
    seen = browse(PAGES[name], LOOK, width=390)
    assert seen["over"] == 0
    assert seen["resources"] == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_in_both_schemes(browse: Browse, dark: bool) -> None:
    found = browse(PAGES["whole"], CONTRAST, dark=dark)
    assert found["seen"] > 100
    assert found["faint"] == []


@pytest.mark.slow
def test_the_script_filters_it(browse: Browse) -> None:
    seen = browse(
        PAGES["bad"],
        """
        const form = page.querySelector(".controls");
        const left = () => [...page.querySelectorAll(".row, .check")]
            .filter((e) => !e.closest("[hidden]")).map((e) => e.id);
        const pick = (name, value) => { form.elements[name].value = value;
            form.elements[name].dispatchEvent(new frame.Event("input", {bubbles: true})); };
        const found = {all: left()};
        pick("what", "clause"); found.clauses = left();
        pick("what", "mutant"); found.mutants = left();
        pick("status", "k-bad"); found.wrong = left();
        found.said = form.querySelector("output").textContent;
        return found;
        """,
    )
    assert len(seen["all"]) == 6
    assert seen["clauses"] == [ONE, OTHER]
    assert seen["mutants"] == ["variant-2", "variant-1"]
    assert seen["wrong"] == ["variant-2"]
    assert seen["said"] == "1 of 6 entries"
