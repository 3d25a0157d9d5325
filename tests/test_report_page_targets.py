# SPDX-License-Identifier: Apache-2.0
"""The HTML page of several targets."""

from __future__ import annotations

import shlex
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import reference_library
from ffi_cts.report import store
from ffi_cts.report.matrix import build
from ffi_cts.report.page.targets import render
from ffi_cts.results import CheckResult, Report, Status
from support.browser import LOOK, Browse
from support.command import Command, Here
from support.pages import accessible, contained, text_of
from test_report import EMPTY, check, make_report
from test_report_page import CREATE, HOSTILE, deviation, whole
from test_report_page_browser import CONTRAST


def named(id: str, *checks: CheckResult) -> Report:
    """A report on a library of that name; commands name it too."""
    made = make_report(
        *(
            attrs.evolve(
                each, reproduce=f"ffi-cts run {shlex.quote(id)} --effort quick --only {each.id}"
            )
            for each in checks
        )
    )
    implementation = attrs.evolve(made.implementation, id=id, path=f"/lib/{id}")
    return attrs.evolve(made, implementation=implementation)


def release(number: int, *checks: CheckResult) -> Report:
    return named(f"apache-tvm-ffi==0.1.{number}", *checks)


def passes(id: str, clause: str = CREATE.id) -> CheckResult:
    return check(Status.PASS, id=id, clauses=(clause,), message="")


ONE = "errors/create::one"
OTHER = "errors/own::always"
BOTH = "ERR-CREATE-02"
RELEASES = [
    release(0, passes(ONE), deviation(OTHER, clauses=(BOTH,))),
    *(release(n, deviation(ONE), deviation(OTHER, clauses=(BOTH,))) for n in range(1, 9)),
    release(9, deviation(ONE, message="seen 7"), deviation(OTHER, clauses=(BOTH,))),
    release(10, passes(ONE), deviation(OTHER, clauses=(BOTH,))),
]
MANY = [
    release(n, *(deviation(f"errors/create::c{k}") for k in range(n)), *whole().checks)
    for n in range(21)
]
LONG = named("long" * 60, deviation("errors/" + "long" * 40, in_call="f(" + "x" * 400 + ")"))
WICKED = named(HOSTILE, deviation(HOSTILE, message=HOSTILE, profile=HOSTILE, clauses=(HOSTILE,)))
PAGES = {
    "releases": render(build(RELEASES)),
    "many": render(build(MANY)),
    "others": render(build([*RELEASES, named("libmine.so", passes(ONE)), LONG])),
    "hostile": render(build([WICKED, LONG, named("x", passes(ONE))])),
    "same": render(build([RELEASES[1], RELEASES[2]])),
    "empty": render(build([EMPTY, attrs.evolve(EMPTY, suite=RELEASES[0].suite)], ["a", "b"])),
}
EVERY = pytest.mark.parametrize("name", PAGES)


@EVERY
def test_the_page_needs_nothing_from_outside_and_everybody_can_use_it(name: str) -> None:
    page = PAGES[name]
    page.encode()
    contained(page)
    accessible(page)
    assert "<script>alert" not in page
    assert "://" not in page.replace("http://evil.example", "")


def test_it_says_which_releases_deviate_and_since_when() -> None:
    page = PAGES["releases"]
    seen = text_of(page)
    assert "apache-tvm-ffi 0.1.0 to 0.1.10" in seen
    assert "1 of 2 clauses differs among 11 targets" in seen
    assert "2 clauses: 1 deviating in some, 1 deviating in all alike" in seen
    assert "came 0.1.1, went 0.1.10" in seen
    # The nine releases that deviate alike are one cell of one column, and told once.
    assert f'<a href="#{CREATE.id}.1">F</a>' in page
    assert f'id="{CREATE.id}.1"' in page
    assert "0.1.1 to 0.1.9 (9 releases): fail in 1 check as seen in apache-tvm-ffi==0.1.9" in seen
    assert seen.count("seen 7") == 1
    assert CREATE.text in seen
    assert f"Source: {CREATE.source}" in seen
    assert "calls TVMFFIErrorCreate(NULL) TVMFFIObjectDecRef(0x1)" in seen


def test_a_clause_that_deviates_everywhere_alike_is_told_once() -> None:
    seen = text_of(PAGES["releases"])
    assert "Deviating in all alike: 1" in seen
    assert seen.count(OTHER) == 1


def test_what_another_target_shows_the_same_way_refers_to_it() -> None:
    alike = [
        named("liba.so", deviation(ONE)),
        named("libb.so", passes(ONE)),
        named("libc.so", deviation(ONE)),
    ]
    seen = text_of(render(build(alike)))
    assert f"✗ fail {ONE} as in liba.so" in seen
    assert seen.count("seen 5, not 4") == 1


def test_what_can_be_tried_in_some_only_says_where_not() -> None:
    lacks = check(Status.UNSUPPORTED, id=ONE, clauses=(CREATE.id,))
    seen = text_of(render(build([named("liba.so", lacks), named("libb.so", passes(ONE))])))
    assert f"1 not possible in liba.so {CREATE.id} {CREATE.text}" in seen
    seen = text_of(render(build([release(1, lacks), release(2, passes(ONE))])))
    assert "1 possible from 0.1.2" in seen


def test_a_waived_deviation_is_one_and_says_so() -> None:
    waived = check(Status.WAIVED, id=ONE, clauses=(CREATE.id,), outcome="crash", waiver="known")
    page = render(build([named("liba.so", waived), named("libb.so", passes(ONE))]))
    assert "○ waived (crash)" in text_of(page)
    assert '<td class="waived" title="1 waived">○1' in page


def test_the_page_of_every_release_stays_small() -> None:
    assert len(PAGES["many"].encode()) < 1_000_000


def test_the_commands_write_it(here: Here, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    store.write(RELEASES[0], one)
    store.write(RELEASES[1], other)
    page = tmp_path / "m.html"
    done = here("report", other, one, "--html", page)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert page.read_text(encoding="utf-8") == render(build(RELEASES[:2]))
    done = here("report", one, other, "--html", one)
    assert done.returncode == 2
    assert "would overwrite" in done.stderr


@pytest.mark.slow
def test_a_run_of_several_targets_writes_it(command: Command, tmp_path: Path) -> None:
    page, library = tmp_path / "page.html", tmp_path / "libother.so"
    library.write_bytes(Path(reference_library()).read_bytes())
    words = ("--only", "version/*", "--effort", "quick", "--html", page)
    done = command("run", "reference", library, *words)
    assert done.returncode == 0, done.stderr
    assert "libother.so" in text_of(page.read_text(encoding="utf-8"))


@pytest.mark.slow
@EVERY
def test_a_phone_shows_it_without_scrolling_sideways(browse: Browse, name: str) -> None:
    seen = browse(PAGES[name], LOOK, width=390)
    assert seen["over"] == 0
    assert seen["resources"] == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_in_both_schemes(browse: Browse, dark: bool) -> None:
    found = browse(PAGES["others"], CONTRAST, dark=dark)
    assert found["seen"] > 50
    assert found["faint"] == []


@pytest.mark.slow
def test_cells_lead_to_details_and_rows_are_filtered(browse: Browse) -> None:
    seen = browse(
        render(build([*RELEASES, named("libmine.so", passes(ONE, BOTH))])),
        """
        const form = page.querySelector(".controls");
        const rows = () => [...page.querySelectorAll("tr.row")].filter((e) => !e.hidden)
            .map((e) => e.cells[0].textContent.trim().slice(0, 13));
        const said = () => form.querySelector("output").textContent;
        const pick = (name, word) => {
            const field = form.elements[name];
            field.value = [...field.options].find((o) => o.textContent === word).value;
            field.dispatchEvent(new frame.Event("input", {bubbles: true}));
        };
        const found = {all: rows(), said: said()};
        pick("changed-in", "0.1.10"); found.changed = [rows(), said()]; form.reset();
        form.elements.text.value = "seen 7";
        form.elements.text.dispatchEvent(new frame.Event("input", {bubbles: true}));
        found.text = rows();
        form.elements.text.value = "";
        form.elements.text.dispatchEvent(new frame.Event("input", {bubbles: true}));
        const cell = page.querySelector("tr.row td a");
        frame.location.hash = cell.hash;
        frame.dispatchEvent(new frame.Event("hashchange"));
        const place = page.getElementById(decodeURIComponent(cell.hash.slice(1)));
        found.open = place.closest("details").open;
        found.told = place.textContent;
        found.wide = [...page.querySelectorAll(".box")].every((e) => e.tabIndex === 0
            || e.scrollWidth <= e.clientWidth);
        return found;
        """,
    )
    assert seen["all"] == [CREATE.id, BOTH]
    assert seen["said"] == "2 of 2 clauses"
    assert seen["changed"] == [[CREATE.id], "1 of 2 clauses"]
    assert seen["text"] == [CREATE.id]
    assert seen["open"]
    newest = f"apache-tvm-ffi==0.1.9 {ONE} --effort quick"
    assert f"ffi-cts reproduce {newest} -o repro.c" in seen["told"]
    assert f"ffi-cts run apache-tvm-ffi==0.1.9 --effort quick --only {ONE}" in seen["told"]
