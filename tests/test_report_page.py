# SPDX-License-Identifier: Apache-2.0
"""The HTML pages of a report and of a comparison: what they say, and what they refuse to trust."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import attrs
import pytest

from ffi_cts.abi import load
from ffi_cts.machine import Machine
from ffi_cts.report import store
from ffi_cts.report.diff import compare
from ffi_cts.report.page import differences
from ffi_cts.report.page.render import render
from ffi_cts.results import (
    CheckResult,
    CompanionFacts,
    ExpectationNote,
    ExpectationSummary,
    Finding,
    Level,
    Report,
    Run,
    Status,
)
from support.command import Command, Here
from support.pages import Markup, accessible, contained, contrasts, text_of
from test_report import EMPTY, FULL, SMALL, check, make_report

HOSTILE = (
    "/x/<script>alert(1)</script>\"'><img src=http://evil.example/x onerror=alert(1)>"
    "\u202egpj.so\x1b[2J{{7*7}}{% raw %}</style></pre>\udcff"
)
CLAUSES = load().clauses
CREATE = CLAUSES["ERR-CREATE-01"]


def deviation(id: str, **fields: object) -> CheckResult:
    """One that breaks a real clause."""
    return check(
        Status.FAIL,
        **{
            "id": id,
            "clauses": (CREATE.id,),
            "message": f"{CREATE.id}: {CREATE.text}\nseen 5, not 4",
            **fields,
        },
    )


def whole(seen: str = "seen 5, not 4") -> Report:
    """As many checks as the suite has, each clause once, with every status."""
    statuses = (*[Status.PASS] * 60, *(s for s in Status if s is not Status.PASS))
    checks = []
    for number, clause in enumerate(2 * list(CLAUSES.values())):
        status = statuses[number % len(statuses)]
        level = Level(clause.level.lower())
        if status in (Status.FAIL, Status.CRASH, Status.TIMEOUT) and level is not Level.MUST:
            status = Status.PASS
        made = check(
            status,
            id=f"{clause.file.removesuffix('.toml')}/file_{number % 7}::what_is_said_{number}",
            clauses=(clause.id,),
            level=level,
            profile=clause.profile,
            message=f"{clause.id}: {clause.text}\n{seen} {number}\n" + "more of it " * 20,
        )
        checks.append(made if status is not Status.PASS else attrs.evolve(made, message=""))
    return make_report(*checks[:640])


PAGES = {
    "full": render(FULL),
    "small": render(SMALL),
    "empty": render(EMPTY),
    "whole": render(whole()),
    "diff": differences.render(compare(FULL, whole())),
    "same": differences.render(compare(FULL, FULL)),
    "nothing": differences.render(compare(EMPTY, EMPTY)),
}
EVERY = pytest.mark.parametrize("name", PAGES)


@EVERY
def test_a_page_needs_nothing_from_outside(name: str) -> None:
    contained(PAGES[name])
    assert "://" not in PAGES[name]


@EVERY
def test_everybody_can_use_it(name: str) -> None:
    accessible(PAGES[name])


@pytest.mark.parametrize("dark", [False, True])
def test_its_colours_can_be_told_apart(dark: bool) -> None:
    fronts = ("ink", "soft", "up", "down", "warn", "odd")
    found = contrasts(PAGES["full"], fronts, ("paper", "faint"), dark=dark)
    assert len(found) == 12
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


def test_it_says_the_verdict_and_where_the_library_stands() -> None:
    seen = text_of(render(FULL))
    assert "✗ nonconformant 3 MUST checks deviate, 2 clauses concerned" in seen
    assert "10 checks: 2 held, 1 waived, 1 warned, 3 deviating, 2 no result, 1 not possible" in seen
    assert "Functions: 0 of 50" in seen
    assert "TVMFFIErrorCreate" in seen
    assert "1 other features measured env" in seen
    assert "core ✗ nonconformant" in seen
    assert "✓ conformant" in text_of(render(SMALL))
    assert "? incomplete no MUST check of the profile core ran" in text_of(render(EMPTY))


def test_a_deviation_has_all_that_is_needed_to_act() -> None:
    died = {"fault": "read of NULL + 17", "stack": ("#0 make+0x6e (libmine.so+0x3c37)",)}
    page = render(make_report(deviation("errors/create::one", **died)))
    seen = text_of(page)
    for part in (
        "✗ fail errors/create::one must core",
        f"{CREATE.id} {CREATE.text} Source: {CREATE.source}",
        "seen 5, not 4",
        "in call TVMFFIErrorCreate(NULL)",
        "fault read of NULL + 17",
        "stack #0 make+0x6e (libmine.so+0x3c37)",
        "example kind=b''",
        "calls TVMFFIErrorCreate(NULL) TVMFFIObjectDecRef(0x1)",
        "output printed",
        "reproduce ffi-cts run x --only errors/a",
    ):
        assert part in seen, part
    # The clause leads to its check, and the check to its clause.
    assert f'<a href="#{CREATE.id}">' in page
    assert f'id="{CREATE.id}"' in page
    assert '<a href="#check-1">errors/create::one</a>' in page
    assert 'id="check-1"' in page


def test_what_many_deviations_share_stands_once() -> None:
    def made(id: str) -> CheckResult:
        command = f"ffi-cts run './my lib.so' --effort quick --only {shlex.quote(id)}"
        return deviation(id, reproduce=command)

    page = render(make_report(made("errors/create::one"), made("errors/create::two[a]")))
    seen = text_of(page)
    assert "reproduce ffi-cts run './my lib.so' --effort quick --only CHECK" in seen
    assert "C program ffi-cts reproduce './my lib.so' CHECK --effort quick -o repro.c" in seen
    assert "debug ffi-cts debug './my lib.so' CHECK --effort quick" in seen
    assert seen.count("ffi-cts run") == 1
    # Once with the first, and once in the list of clauses.
    assert seen.count(CREATE.text) == 2


def test_what_was_not_possible_leads_to_its_reason() -> None:
    page = render(make_report(check(Status.UNSUPPORTED, id="a/b::three", message="it lacks this")))
    assert '<a href="#r1">a/b::three</a>' in page
    assert '<tr id="r1">' in page


def test_deviations_of_one_cause_stand_together_the_most_basic_first() -> None:
    page = render(
        make_report(
            deviation("deletion/drop::z", message="seen 9, not 4"),
            deviation("errors/create::one"),
            deviation("errors/create::two"),
            deviation("values/tag::a", message="the type is wrong"),
        )
    )
    seen = text_of(page)
    assert "4 deviations in 2 groups" in seen
    order = ("the type is wrong", "3 × seen 5, not 4", "errors/create::two", "deletion/drop::z")
    places = [seen.index(part, seen.index("in 2 groups")) for part in order]
    assert places == sorted(places)
    assert "Rests on strings" not in seen


def test_warnings_waivers_and_what_was_not_possible_have_their_reasons() -> None:
    report = make_report(
        check(Status.WARN, message="a warning is seen"),
        check(Status.WAIVED, id="a/b::one", outcome="crash", waiver="they know"),
        check(Status.WAIVED, id="a/b::two", outcome="fail", waiver="they know"),
        check(Status.UNSUPPORTED, id="a/b::three", message="the library lacks TVMFFIThis"),
        check(Status.LOST, id="a/b::four", message="the child is gone"),
    )
    seen = text_of(render(report))
    assert "a warning is seen △ warn (fail) errors/warn" in seen
    assert "2 × they know ○ waived (crash) a/b::one" in seen
    assert "1 the library lacks TVMFFIThis a" in seen
    assert "nothing here is blamed on the library" in seen
    assert "signal: replaces the handler" in seen
    assert "matches nothing: gone/* (fail) no such check" in seen


def test_it_says_on_what_it_was_judged() -> None:
    machine = Machine(system="Linux", libc="glibc 2.36", cpu="Some CPU", python="3.11", cores=2)
    other = CompanionFacts(role="against", id="reference", sha256="c" * 64)
    seen = text_of(render(attrs.evolve(FULL, machine=machine, companions=(other,))))
    assert f"against reference {'c' * 64}" in seen
    assert "Processor Some CPU" in seen
    assert "quick effort, seed 7, core" in seen


def test_what_passes_is_listed_with_its_clause() -> None:
    page = render(whole())
    seen = text_of(page)
    for made in whole().checks:
        assert made.id in seen
    for clause in {id for made in whole().checks for id in made.clauses}:
        assert CLAUSES[clause].text in seen


def test_clauses_of_another_suite_are_named() -> None:
    made = check(Status.FAIL, clauses=("NEW-THING-01",), message="NEW-THING-01: New.\nseen 3")
    page = render(make_report(made, check(Status.PASS, clauses=())))
    contained(page)
    assert "NEW-THING-01" in text_of(page)


def test_hostile_text_is_only_text() -> None:
    bad: dict[str, object] = dict.fromkeys(
        ("message", "in_call", "example", "output", "reproduce", "waiver", "profile"), HOSTILE
    )
    bad |= {"calls": (HOSTILE,), "clauses": (HOSTILE,)}
    notes = (ExpectationNote(check=HOSTILE, outcome=HOSTILE, detail=HOSTILE),)
    report = make_report(
        *(check(status, **{**bad, "id": f"{HOSTILE}/{n}"}) for n, status in enumerate(Status)),
        machine=Machine(system=HOSTILE, libc=HOSTILE, cpu=HOSTILE, python=HOSTILE, cores=1),
        companions=(CompanionFacts(role=HOSTILE, id=HOSTILE, sha256=HOSTILE),),
        findings=(Finding(HOSTILE, HOSTILE),),
        expectations=ExpectationSummary(unmatched=notes, expired=notes),
        run=Run(effort=HOSTILE, seed=0, only=(HOSTILE,), profiles=(HOSTILE,), started=HOSTILE),
    )
    report = attrs.evolve(
        report,
        implementation=attrs.evolve(
            report.implementation,
            id=HOSTILE,
            path=HOSTILE,
            reported_version=HOSTILE,
            features=(HOSTILE,),
        ),
        suite=attrs.evolve(report.suite, version=HOSTILE),
    )
    for page in (
        render(report),
        differences.render(compare(report, attrs.evolve(report, checks=report.checks[::2]))),
        differences.render(compare(attrs.evolve(report, checks=report.checks[1::2]), report)),
    ):
        page.encode()
        contained(page)
        accessible(page)
        tags = [tag for tag, _ in Markup(page).tags]
        assert (tags.count("script"), tags.count("style")) == (1, 1)
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert "{{7*7}}" in page
        assert "\\u202egpj.so\\x1b[2J" in page


def test_a_whole_report_stays_small() -> None:
    assert len(PAGES["whole"].encode()) < 400_000


def test_floods_are_cut() -> None:
    flood = make_report(deviation("a/b::c", message="x\n" * 10**6, calls=("f()",) * 1000))
    assert len(render(flood)) < 40_000


def test_the_suite_s_own_ids_can_be_linked_to() -> None:
    """A clause has its own name as its place; nothing else on a page may take it."""
    assert all(re.fullmatch(r"[A-Z0-9-]+", id) for id in CLAUSES)


def test_a_comparison_says_what_changed() -> None:
    old = make_report(
        deviation("errors/create::one"),
        check(Status.PASS, id="values/tag::a"),
        check(Status.PASS, id="gone/b::c"),
    )
    new = make_report(
        check(Status.PASS, id="errors/create::one", message=""),
        check(Status.CRASH, id="values/tag::a", message="it died"),
        check(Status.PASS, id="new/b::c"),
        run=Run(effort="deep", seed=7),
    )
    page = differences.render(compare(old, new))
    seen = text_of(page)
    assert "1 broken, 1 fixed, 1 new, 1 gone (1 MUST check newly broken)" in seen
    assert "4 checks: 1 broken, 1 fixed, 1 new, 1 gone" in seen
    assert "quick effort with seed 7 then, deep with seed 7 now" in seen
    assert "✗ pass → crash values/tag::a must core it died" in seen
    assert "✓ fail → pass errors/create::one" in seen
    assert "then seen 5, not 4" in seen
    assert "+ absent → pass new/b::c" in seen
    assert re.search(r"<details [^>]*\bopen>\n<summary><h3><b class=\"st\">✗ pass", page)


def test_the_commands_write_the_pages(here: Here, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    store.write(SMALL, old)
    store.write(FULL, new)
    page = tmp_path / "page.html"
    done = here("report", new, "--html", page)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert page.read_text(encoding="utf-8") == render(FULL)
    done = here("diff", old, new, "--html", page, "-q")
    assert done.returncode == 0, done.stderr
    assert "What changed" in page.read_text(encoding="utf-8")
    done = here("diff", old, new, "--html", old)
    assert done.returncode == 2
    assert "would overwrite" in done.stderr


@pytest.mark.slow
def test_a_run_writes_its_page(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = ("--only", "version/*", "--effort", "quick", "--html", page, "--annotations")
    done = command("run", "reference", *words)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "conformant" in done.stderr
    contained(page.read_text(encoding="utf-8"))
