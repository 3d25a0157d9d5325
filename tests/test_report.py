# SPDX-License-Identifier: Apache-2.0
"""The JSON file and everything that is rendered from it."""

from __future__ import annotations

import html
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from ffi_cts.errors import UsageError
from ffi_cts.report import files, junit, markdown, sarif, store, terminal
from ffi_cts.report.page.render import render as page
from ffi_cts.report.words import shortened, verdict_sentence, visible
from ffi_cts.results import (
    CheckResult,
    ExpectationNote,
    ExpectationSummary,
    Finding,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
)
from support.users import shared_folder, without_privileges

HOSTILE = (
    "[bold]x[/bold] \x1b[2J\x9b1m \x00 \udcff ]]> </pre></details> `|` <script> | a\r\nb\u202e"
)


def check(status: Status, **fields: Any) -> CheckResult:
    values: dict[str, Any] = {
        "id": f"errors/{status.value}",
        "clauses": ("ERR-1", "ERR-2"),
        "level": Level.SHOULD if status is Status.WARN else Level.MUST,
        "profile": "core",
        "status": status,
        "outcome": "fail" if status in (Status.WARN, Status.WAIVED) else "",
        "message": f"message of {status.value}",
        "in_call": "TVMFFIErrorCreate(NULL)",
        "example": "kind=b''",
        "calls": ("TVMFFIErrorCreate(NULL)", "TVMFFIObjectDecRef(0x1)"),
        "output": "printed",
        "reproduce": "ffi-cts run x --only errors/a",
        "seconds": 0.25,
        "waiver": "known" if status is Status.WAIVED else "",
    }
    if status is Status.CRASH:
        values["fault"] = "read of NULL"
        values["stack"] = ("#0 drop+0x4 (libmine.so+0x1234)", "#1 TVMFFIObjectDecRef")
    return CheckResult(**{**values, **fields})


def make_report(*checks: CheckResult, **fields: Any) -> Report:
    values: dict[str, Any] = {
        "suite": Suite(version="0.1.0", spec_sha256="a" * 64),
        "implementation": Implementation(
            id="apache-tvm-ffi==0.1.0",
            path="/lib/x.so",
            sha256="b" * 64,
            reported_version="0.1.0",
            features=("env",),
        ),
        "run": Run(
            effort="quick",
            seed=7,
            profiles=("core",),
            seconds=1.5,
            jobs=2,
            started="2026-01-01T00:00:00+00:00",
        ),
        "checks": checks,
        "findings": (Finding("signal", "replaces the handler of SIGSEGV"),),
        "expectations": ExpectationSummary(
            applied=(ExpectationNote(check="a", outcome="fail", reason="known"),),
            unmatched=(ExpectationNote(check="gone/*", outcome="fail", detail="no such check"),),
        ),
    }
    return Report(**{**values, **fields})


FULL = make_report(*(check(status) for status in Status))
SMALL = make_report(check(Status.PASS), expectations=ExpectationSummary())
EMPTY = make_report(findings=(), expectations=ExpectationSummary())
REPORTS = pytest.mark.parametrize("report", [FULL, SMALL, EMPTY], ids=["full", "small", "empty"])


def shown(report: Report, width: int = 80, **options: Any) -> str:
    file = io.StringIO()
    terminal.render(report, Console(file=file, width=width, **options))
    return file.getvalue()


def one_line(text: str) -> str:
    return " ".join(text.split())


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as caught:
        action()
    assert caught.value.hint
    return str(caught.value)


# --- JSON


@REPORTS
def test_json_and_back(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    store.write(report, path)
    assert store.read(path) == report
    assert list(tmp_path.iterdir()) == [path]


@REPORTS
def test_json_fits_the_schema_and_the_schema_covers_it(report: Report) -> None:
    schema = json.loads(store.SCHEMA_FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)

    def close(node: Any) -> None:
        if isinstance(node, dict):
            if "properties" in node:
                node["additionalProperties"] = False
            for child in node.values():
                close(child)

    close(schema)
    jsonschema.Draft202012Validator(schema).validate(store.to_data(report))


def test_json_has_the_promised_layout() -> None:
    data = json.loads(store.to_json(FULL))
    assert data["schema"] == 1
    assert data["verdict"] == "nonconformant"
    assert data["summary"] == {status.value: 1 for status in Status}
    assert set(data["suite"]) == {"version", "spec_sha256"}
    assert {"id", "path", "sha256", "reported_version", "features"} == set(data["implementation"])
    assert {"effort", "seed", "profiles", "seconds"} <= set(data["run"])
    failing = data["checks"][1]
    assert failing["status"] == "fail"
    assert failing["level"] == "must"
    assert failing["clauses"] == ["ERR-1", "ERR-2"]
    assert {"id", "profile", "message", "in_call", "reproduce"} <= set(failing)


def test_a_newer_file_with_more_fields_is_read(tmp_path: Path) -> None:
    data = store.to_data(SMALL)
    data["more"] = data["run"]["more"] = data["checks"][0]["more"] = 1
    assert store.from_data(data, tmp_path) == SMALL


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("suite"), "'suite' is a required property"),
        (lambda data: data.update(schema=2), "schema 2"),
        (lambda data: data.update(verdict="fine"), "$.verdict"),
        (lambda data: data.update(verdict="conformant"), "$.verdict"),
        (lambda data: data["summary"].update(fail=9), "$.summary.fail"),
        (lambda data: data["checks"][3].update(status="odd"), "$.checks[3].status"),
        (lambda data: data["checks"][0].update(clauses="A"), "$.checks[0].clauses"),
        (lambda data: data["checks"][0].update(clauses=[]), "$.checks[0].clauses"),
        (lambda data: data["checks"][0].update(seconds=float("inf")), "Infinity is no number"),
        (lambda data: data["checks"].append(7), "$.checks[10]"),
        (lambda data: data["run"].update(seconds=-1), "$.run.seconds"),
        (lambda data: data["implementation"].update(sha256="xyz"), "$.implementation.sha256"),
        (lambda data: data["expectations"].pop("applied"), "$.expectations"),
    ],
)
def test_a_broken_report_is_explained(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    data = store.to_data(FULL)
    change(data)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data))
    message = refused(lambda: store.read(path))
    assert said in message
    assert str(path) in message


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b"1e999", b"\xff\xfe\xfd", b"[" * 100_000]
)
def test_a_file_that_is_no_report(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)
    said = refused(lambda: store.read(path))
    assert "broken" in said or "not UTF-8" in said


def test_a_report_that_can_not_be_read(tmp_path: Path) -> None:
    assert "No such file" in refused(lambda: store.read(tmp_path / "none"))
    assert "Is a directory" in refused(lambda: store.read(tmp_path))


# --- writing


def test_check_writable_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    files.check_writable(path)
    assert not list(tmp_path.iterdir())
    path.write_text("old")
    files.check_writable(path)
    assert path.read_text() == "old"
    files.check_writable(Path("/dev/null"))


def test_check_writable_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is a directory" in refused(lambda: files.check_writable(tmp_path))
    assert "no folder" in refused(lambda: files.check_writable(tmp_path / "none" / "r.json"))
    assert "no folder" in refused(lambda: files.check_writable(tmp_path / "file" / "r.json"))
    # Even root can't create files there.
    assert "can't be written" in refused(lambda: files.check_writable(Path("/proc/r.json")))


def test_check_writable_refuses_without_permission() -> None:
    with shared_folder() as folder:
        folder.chmod(0o500)

        def check() -> None:
            assert "ermission" in refused(lambda: files.check_writable(folder / "r.json"))

        without_privileges(check)


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert "No space left" in refused(lambda: store.write(FULL, path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "r.md")
    old = os.umask(0o022)
    try:
        files.write_text(tmp_path / "link", "text")
    finally:
        os.umask(old)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "r.md").read_text() == "text"
    assert (tmp_path / "r.md").stat().st_mode & 0o777 == 0o644


# --- terminal


def test_the_terminal_shows_what_is_needed_to_act() -> None:
    text = shown(FULL)
    for status in (Status.FAIL, Status.CRASH, Status.TIMEOUT, Status.LOST, Status.ERROR):
        assert f"{status.value.upper():<8}errors/{status.value}  [must] ERR-1, ERR-2" in text
    for part in (
        "apache-tvm-ffi==0.1.0",
        "b" * 16,
        "message of crash",
        "in call   TVMFFIErrorCreate(NULL)",
        "example   kind=b''",
        "reproduce ffi-cts run x --only errors/a",
        "Warnings",
        "Waived",
        "gone/* (fail): no such check",
        "signal: replaces",
        "nonconformant: 3 MUST checks deviate",
    ):
        assert part in text
    assert "message of pass" not in text


def test_every_rendering_tells_the_stack_and_escapes_it() -> None:
    hostile = make_report(check(Status.CRASH, fault=HOSTILE, stack=(f"#0 {HOSTILE}",)))
    for render in (markdown.render, junit.render, sarif.render, page):
        assert "drop+0x4" in render(FULL).replace("&#43;", "+"), render
        assert "read of NULL" in render(FULL)
        text = render(hostile)
        assert "\x1b" not in text
        assert "<script> |" not in text or render is sarif.render  # JSON has no markup
    assert "drop+0x4" in shown(FULL)
    assert "\x1b[2J" not in shown(hostile)


def test_a_death_says_how_to_get_it_into_a_debugger() -> None:
    died = check(Status.CRASH, reproduce="ffi-cts run 'a b.so' --effort quick --only x::y")
    assert "debug     ffi-cts debug 'a b.so' x::y --effort quick" in shown(make_report(died))
    wrong = check(Status.FAIL, reproduce=died.reproduce)
    assert "ffi-cts debug" not in shown(make_report(wrong))


def test_lines_are_not_wrapped_so_that_commands_can_be_copied() -> None:
    command = "ffi-cts run " + "x" * 300
    assert command in shown(make_report(check(Status.FAIL, reproduce=command)))


def test_foreign_text_can_not_act_on_the_terminal() -> None:
    bad = make_report(check(Status.FAIL, message=HOSTILE, output=HOSTILE, id=HOSTILE))
    text = shown(bad)
    assert "[bold]x[/bold] \\x1b[2J\\x9b1m \\x00 \\xff" in text
    assert "\x1b" not in text
    text.encode("utf-8")


def test_a_terminal_without_unicode_is_served() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    terminal.render(make_report(check(Status.FAIL, message="caf\xe9 \u2713")), Console(file=file))
    file.flush()
    file.seek(0)
    assert "caf\\xe9 \\u2713" in file.read()


def test_floods_are_cut() -> None:
    flood = make_report(check(Status.FAIL, message="x\n" * 10**6, calls=("f()",) * 1000))
    for text in (shown(flood), junit.render(flood), markdown.render(flood)):
        assert len(text) < 20_000
    assert "more characters" in shown(flood)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (SMALL, "conformant"),
        (make_report(check(Status.WAIVED)), "conformant: 1 known deviation waived"),
        (
            make_report(check(Status.FAIL)),
            "nonconformant: 1 MUST check deviates, 2 clauses concerned",
        ),
        (
            make_report(check(Status.PASS), check(Status.LOST)),
            "incomplete: 1 check without a usable result",
        ),
        (EMPTY, "incomplete: no MUST check of the profile core ran"),
        (
            make_report(check(Status.PASS), run=Run(effort="quick", seed=0, interrupted=True)),
            "incomplete: the run was interrupted",
        ),
    ],
)
def test_the_sentence_about_the_verdict(report: Report, said: str) -> None:
    assert verdict_sentence(report) == said


# --- JUnit


def test_junit_maps_every_status() -> None:
    root = ET.fromstring(junit.render(FULL).encode())
    suite = root[0]
    counts = {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "10", "failures": "3", "errors": "2", "skipped": "2"}
    children = {
        case.get("name", "").removeprefix("errors/"): [child.tag for child in case]
        for case in suite.iter("testcase")
    }
    assert children == {
        "pass": [],
        "fail": ["failure"],
        "crash": ["failure"],
        "timeout": ["failure"],
        "warn": ["system-out"],
        "unsupported": ["skipped"],
        "waived": ["skipped", "system-out"],
        "unexpected_pass": ["system-out"],
        "lost": ["error"],
        "error": ["error"],
    }
    failure = suite.find(".//failure")
    assert failure is not None
    assert failure.get("type") == "fail"
    assert "reproduce: ffi-cts run x" in (failure.text or "")


@REPORTS
def test_all_renderings_agree_on_the_verdict(report: Report) -> None:
    sentence = verdict_sentence(report)
    assert sentence in shown(report)
    root = ET.fromstring(junit.render(report).encode())
    assert root.find(".//property[@name='verdict']").get("value") == sentence  # type: ignore[union-attr]
    assert f"**{report.verdict.value}**" in markdown.render(report)


# --- Markdown


def test_markdown_has_a_table_and_details() -> None:
    text = markdown.render(FULL)
    assert "## ffi-cts: `apache-tvm-ffi==0.1.0`" in text
    assert "| fail | `errors/fail` | ERR-1, ERR-2 | must | `TVMFFIErrorCreate(NULL)` |" in text
    assert text.count("<details>") == text.count("</details>") == 5
    assert "reproduce: ffi-cts run x" in text


def test_markdown_is_bounded() -> None:
    many = make_report(*(check(Status.FAIL, id=f"c{n}") for n in range(2000)))
    text = markdown.render(many)
    assert "and 1900 more" in text
    assert len(text) < 200_000


# --- any text at all

TEXTS = st.text(
    st.characters() | st.sampled_from("\x1b\x00\x9b\r\n\t|`<>&[]*_\\\u202e\udc80\ud800\ufffe"),
    max_size=30,
)


@given(TEXTS)
def test_visible_text_is_harmless_and_stays_so(text: str) -> None:
    result = visible(text)
    result.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", result)
    assert visible(result) == result
    ET.fromstring(f"<a>{html.escape(result)}</a>")


@given(st.text(max_size=300), st.integers(1, 20), st.integers(1, 100))
def test_shortened_keeps_the_beginning(text: str, lines: int, chars: int) -> None:
    result = shortened(text, lines, chars)
    assert len(result) <= chars + 40
    assert len(result.splitlines()) <= lines + 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    TEXTS.filter(bool),
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from([s for s in Status if s is not Status.PASS]),
)
def test_any_text_survives_every_rendering(
    id: str, message: str, call: str, waiver: str, status: Status
) -> None:
    bad = check(
        status,
        id=id,
        message=message,
        in_call=call,
        example=message,
        calls=(call,),
        fault=message,
        stack=(call,),
        output=message,
        reproduce=call,
        waiver=waiver,
        clauses=(id,),
        profile=waiver,
    )
    report = make_report(
        bad,
        implementation=Implementation(id=id, path=message, sha256="", reported_version=call),
        findings=(Finding(id, message),),
        expectations=ExpectationSummary(unmatched=(ExpectationNote(check=id, detail=message),)),
    )
    assert "\x1b" not in shown(report)

    root = ET.fromstring(junit.render(report).encode("utf-8"))
    (case,) = root.iter("testcase")
    assert case.get("name") == visible(id)

    text = markdown.render(report)
    text.encode("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(row.count("|") == 7 for row in rows)
    tags = set(re.findall(r"</?[a-z]+>", re.sub(r"`[^`]*`", "", text)))
    assert tags <= {
        "<code>",
        "</code>",
        "<pre>",
        "</pre>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
    }

    page = MarkdownIt("commonmark").enable("table").render(text)
    assert not re.search("<(strong|em|a|img|script|h1|blockquote)[ >]", page.split("</p>", 1)[1])
    assert all(row.count("<td>") == 6 for row in page.split("<tr>")[2:])
    assert one_line(visible(id)) in one_line(html.unescape(page))

    back = store.from_data(json.loads(store.to_json(report)), Path("r"))
    assert back.verdict is report.verdict
    if not re.search("[\ud800-\udfff]", id + message + call + waiver):
        assert back == attrs.evolve(report)
