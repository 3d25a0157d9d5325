# SPDX-License-Identifier: Apache-2.0
"""What a report gives to services: GitHub annotations, SARIF, and a badge."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given

from ffi_cts.abi import load
from ffi_cts.report import badge, github, markdown, sarif, store
from ffi_cts.results import ExpectationNote, ExpectationSummary, Level, Report, Run, Status
from support.command import Here
from test_report import EMPTY, FULL, HOSTILE, SMALL, TEXTS, check, make_report

CREATE = load().clauses["ERR-CREATE-01"]
NOTHING = ExpectationSummary()


def lines(report: Report) -> list[str]:
    text = github.render(report)
    assert text == "" or text.endswith("\n")
    return text.splitlines()


# Annotations.


def test_each_group_of_deviations_is_one_annotation() -> None:
    one = check(
        Status.FAIL,
        id="errors/create::one",
        clauses=(CREATE.id,),
        message=f"{CREATE.id}: {CREATE.text}\nseen 5, not 4",
        reproduce="ffi-cts run x",
        in_call="f(7)",
    )
    two = attrs.evolve(one, id="errors/create::two", message="seen 6, not 9")
    warned = check(Status.WARN, id="errors/create::three", message="100 %")
    assert lines(make_report(one, two, warned, expectations=NOTHING)) == [
        (
            "::error title=ERR-CREATE-01 fail in errors/create%3A%3Aone::seen 5, not 4%0A"
            "in call f(7)%0Aand 1 more alike: errors/create::two%0Areproduce: ffi-cts run x"
        ),
        (
            "::warning title=ERR-1%2C ERR-2 fail in errors/create%3A%3Athree::100 %25%0A"
            "in call TVMFFIErrorCreate(NULL)%0Areproduce: ffi-cts run x --only errors/a"
        ),
    ]


def test_what_passes_has_no_annotation() -> None:
    assert github.render(SMALL) == ""
    assert lines(make_report(check(Status.WAIVED), expectations=NOTHING)) == []


def test_whatever_fails_the_run_is_an_error() -> None:
    assert lines(EMPTY) == [
        "::error title=ffi-cts::incomplete: no MUST check of the profile core ran"
    ]
    (lost,) = lines(make_report(check(Status.LOST, clauses=("A",)), expectations=NOTHING))
    assert lost.startswith("::error title=A lost in errors/lost::the suite's own fault: message")
    stale = ExpectationSummary(expired=(ExpectationNote(check="a/*", detail="it is over"),))
    for strict, level in ((True, "error"), (False, "warning")):
        run = Run(effort="quick", seed=0, strict=strict)
        report = make_report(check(Status.PASS), run=run, expectations=stale)
        assert lines(report) == [f"::{level} title=expectation of a/*::it is over"]


@given(TEXTS, TEXTS)
def test_no_foreign_text_ends_an_annotation_or_begins_one(id: str, message: str) -> None:
    bad = check(
        Status.FAIL,
        id=id,
        clauses=(id,),
        message=f"{message}\r\n::stop-commands::x\n{HOSTILE}",
        in_call=message,
        reproduce=message,
    )
    (line,) = lines(make_report(bad, expectations=NOTHING))
    github.render(make_report(bad)).encode()
    assert re.fullmatch(r"::error title=[^:,]*::.*", line)


# SARIF.


def run_of(report: Report) -> Any:
    document = json.loads(sarif.render(report))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    return run


def test_a_clause_is_a_rule_and_a_deviation_a_result() -> None:
    deviating = check(
        Status.CRASH,
        clauses=(CREATE.id, "ERR-CREATE-02"),
        message=f"{CREATE.id}: {CREATE.text}\nSIGSEGV",
    )
    report = make_report(
        check(Status.PASS, clauses=("ERR-CREATE-03",)),
        deviating,
        check(Status.WARN, clauses=("NEWER-01",), level=Level.ADVISORY),
        check(Status.WAIVED, id="a/waived", clauses=(CREATE.id,)),
        check(Status.LOST),
    )
    run = run_of(report)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {CREATE.id, "ERR-CREATE-02", "NEWER-01"}
    assert rules[CREATE.id]["shortDescription"]["text"] == CREATE.text
    assert CREATE.source in rules[CREATE.id]["help"]["text"]
    assert rules["NEWER-01"]["defaultConfiguration"]["level"] == "note"
    found = {result["partialFingerprints"]["check/v1"]: result for result in run["results"]}
    assert set(found) == {"errors/crash", "errors/warn", "a/waived"}
    crash = found["errors/crash"]
    assert (crash["ruleId"], crash["level"], crash["kind"]) == (CREATE.id, "error", "fail")
    assert crash["message"]["text"].startswith(
        "SIGSEGV\nfault: read of NULL\nin call: TVMFFIErrorCreate(NULL)"
    )
    assert crash["stacks"][0]["message"]["text"] == "read of NULL"
    assert crash["properties"]["clauses"] == [CREATE.id, "ERR-CREATE-02"]
    place = crash["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "file:///lib/x.so"
    assert place["logicalLocations"] == [{"fullyQualifiedName": "errors/crash"}]
    assert found["a/waived"]["suppressions"] == [{"kind": "external", "justification": "known"}]
    assert "suppressions" not in crash
    for result in run["results"]:
        assert list(rules)[result["ruleIndex"]] == result["ruleId"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["exitCode"] == 3
    assert invocation["startTimeUtc"] == "2026-01-01T00:00:00Z"
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("errors/lost: message of lost")


def test_sarif_of_nothing_has_no_results() -> None:
    run = run_of(SMALL)
    assert run["results"] == run["tool"]["driver"]["rules"] == []
    assert run["invocations"][0]["executionSuccessful"]


@given(TEXTS)
def test_sarif_of_any_text_is_a_document(text: str) -> None:
    bad = check(Status.FAIL, id=text, clauses=(text,), message=text, reproduce=text, waiver=text)
    report = make_report(bad)
    odd = attrs.evolve(report.implementation, id=text, path=text)
    document = sarif.render(attrs.evolve(report, implementation=odd))
    document.encode("ascii")
    assert "\\u001b" not in document
    uri = json.loads(document)["runs"][0]["artifacts"][0]["location"]["uri"]
    assert re.fullmatch(r"[\w./:~%-]*", uri, re.ASCII)


# The badge.


@pytest.mark.parametrize("report", [FULL, SMALL, EMPTY], ids=["full", "small", "empty"])
def test_both_badges_say_the_verdict(report: Report) -> None:
    data = json.loads(badge.for_file(Path("x.JSON"))(report))
    assert (data["schemaVersion"], data["label"]) == (1, "TVM FFI C ABI")
    assert data["message"] == report.verdict.value
    assert re.fullmatch("#[0-9a-f]{6}", data["color"])
    picture = badge.for_file(Path("badge.svg"))(report)
    root = ET.fromstring(picture)
    assert root.get("aria-label") == f"TVM FFI C ABI: {report.verdict.value}"
    assert data["color"] in picture
    assert len(picture) < 2000


def test_a_badge_of_a_selection_says_so() -> None:
    run = Run(effort="quick", seed=0, partial=True, profiles=("core", HOSTILE))
    report = attrs.evolve(SMALL, run=run)
    message = json.loads(badge.to_json(report))["message"]
    assert message.startswith("conformant (core, ")
    assert "\x1b" not in message
    ET.fromstring(badge.to_svg(report))
    report = attrs.evolve(SMALL, run=Run(effort="quick", seed=0, partial=True))
    assert json.loads(badge.to_json(report))["message"] == "conformant (selection)"


# Markdown, and the commands.


def test_markdown_says_what_was_seen() -> None:
    made = check(
        Status.FAIL, clauses=(CREATE.id,), message=f"{CREATE.id}: {CREATE.text}\nseen 5, not 4"
    )
    (row,) = [line for line in markdown.render(make_report(made)).splitlines() if "| fail" in line]
    assert row.endswith("| seen 5, not 4 |")


def test_the_command_writes_them(here: Here, tmp_path: Path) -> None:
    saved = tmp_path / "r.json"
    store.write(FULL, saved)
    picture, document = tmp_path / "badge.svg", tmp_path / "r.sarif"
    done = here("report", saved, "--badge", picture, "--sarif", document)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert picture.read_text() == badge.to_svg(FULL)
    assert document.read_text() == sarif.render(FULL)


def test_annotations_share_standard_output_with_nothing(here: Here, tmp_path: Path) -> None:
    saved = tmp_path / "r.json"
    store.write(SMALL, saved)
    done = here("report", saved, "--annotations", "--sarif", "-")
    assert done.returncode == 2
    assert "--sarif and --annotations are the same file, -" in done.stderr
    run = here("run", "reference", "--annotations", "--json", "-")
    assert run.returncode == 2
    assert "--json and --annotations are the same file, -" in run.stderr
