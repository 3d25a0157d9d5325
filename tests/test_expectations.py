# SPDX-License-Identifier: Apache-2.0
"""Expectation files: reading them, and what they do to results."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import attrs
import pytest
from packaging.specifiers import SpecifierSet

from ffi_cts import expectations as module
from ffi_cts.errors import UsageError
from ffi_cts.expectations import AppliesTo, Expectations, apply, load_expectations
from ffi_cts.report import draft
from ffi_cts.results import (
    CheckResult,
    ExpectationSummary,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
)

TODAY = date(2026, 6, 1)
ENTRY = '[[expect]]\ncheck = "a"\noutcome = "fail"\nreason = "known"\n'


def result(id: str, status: Status = Status.FAIL, level: Level = Level.MUST) -> CheckResult:
    outcome = "fail" if status is Status.WARN else ""
    return CheckResult(
        id=id, clauses=("A-1",), level=level, profile="core", status=status, outcome=outcome
    )


def load(tmp_path: Path, text: str) -> Expectations:
    path = tmp_path / "e.toml"
    path.write_text(text)
    return load_expectations(path)


def run(
    tmp_path: Path,
    text: str,
    *results: CheckResult,
    id: str = "reference",
    known: tuple[str, ...] = (),
) -> tuple[list[Status], ExpectationSummary]:
    changed, summary = apply(results, load(tmp_path, text), id, TODAY, known_checks=known)
    assert [r.id for r in changed] == [r.id for r in results]
    return [r.status for r in changed], summary


def test_a_known_failure_is_waived_with_its_reason(tmp_path: Path) -> None:
    changed, summary = apply((result("a"), result("b")), load(tmp_path, ENTRY), "x", TODAY)
    assert (changed[0].status, changed[0].waiver, changed[0].outcome) == (
        Status.WAIVED,
        "known",
        "fail",
    )
    assert changed[1].status is Status.FAIL
    assert [note.check for note in summary.applied] == ["a"]
    assert not summary.stale


def test_a_warning_is_waived_by_its_raw_outcome(tmp_path: Path) -> None:
    statuses, summary = run(tmp_path, ENTRY, result("a", Status.WARN, Level.SHOULD))
    assert statuses == [Status.WAIVED]
    assert not summary.stale


def test_another_outcome_is_not_waived(tmp_path: Path) -> None:
    statuses, summary = run(tmp_path, ENTRY, result("a", Status.CRASH))
    assert statuses == [Status.CRASH]
    assert "crash" in summary.unmatched[0].detail


def test_a_pass_that_was_expected_to_fail(tmp_path: Path) -> None:
    statuses, summary = run(tmp_path, ENTRY, result("a", Status.PASS))
    assert statuses == [Status.UNEXPECTED_PASS]
    assert [note.check for note in summary.unexpected_passes] == ["a"]


@pytest.mark.parametrize("status", [Status.UNSUPPORTED, Status.LOST, Status.ERROR])
def test_a_check_without_an_outcome_says_nothing(tmp_path: Path, status: Status) -> None:
    statuses, summary = run(tmp_path, ENTRY, result("a", status))
    assert statuses == [status]
    assert not summary.stale


def test_an_entry_for_no_check_is_unmatched(tmp_path: Path) -> None:
    _, summary = run(tmp_path, ENTRY, result("b", Status.PASS), known=("b",))
    assert [note.check for note in summary.unmatched] == ["a"]


def test_an_entry_for_a_check_that_was_not_selected_is_not_judged(tmp_path: Path) -> None:
    _, summary = run(tmp_path, ENTRY, result("b", Status.PASS), known=("a", "b"))
    assert not summary.stale


def test_a_glob_still_fails_while_one_of_its_checks_does(tmp_path: Path) -> None:
    text = ENTRY.replace('"a"', '"t/*"')
    statuses, summary = run(tmp_path, text, result("t/1"), result("t/2", Status.PASS), result("u"))
    assert statuses == [Status.WAIVED, Status.PASS, Status.FAIL]
    assert not summary.stale
    statuses, summary = run(tmp_path, text, result("t/2", Status.PASS))
    assert statuses == [Status.UNEXPECTED_PASS]


def test_brackets_in_an_id_are_no_glob(tmp_path: Path) -> None:
    text = ENTRY.replace('"a"', '"t[1-9]"')
    assert run(tmp_path, text, result("t[1-9]"), result("t5"))[0] == [Status.WAIVED, Status.FAIL]
    text = ENTRY.replace('"a"', '"t[*]"')
    assert run(tmp_path, text, result("t[x]"), result("t"))[0] == [Status.WAIVED, Status.FAIL]


def test_the_exact_entry_gives_the_reason_before_a_glob(tmp_path: Path) -> None:
    text = ENTRY.replace('"a"', '"*"').replace("known", "all") + ENTRY
    changed, summary = apply((result("a"),), load(tmp_path, text), "x", TODAY)
    assert changed[0].waiver == "known"
    assert not summary.stale


def test_an_entry_applies_through_its_last_day_only(tmp_path: Path) -> None:
    statuses, summary = run(tmp_path, ENTRY + "until = 2026-06-01\n", result("a"))
    assert statuses == [Status.WAIVED]
    statuses, summary = run(tmp_path, ENTRY + "until = 2026-05-31\n", result("a"))
    assert statuses == [Status.FAIL]
    assert "2026-05-31" in summary.expired[0].detail


def test_what_became_of_an_expired_entry_is_told(tmp_path: Path) -> None:
    text = ENTRY + "until = 2026-05-31\n"
    _, summary = run(tmp_path, text, result("a"))
    assert summary.expired[0].detail == "expired after 2026-05-31; its deviation counts again"
    _, summary = run(tmp_path, text, result("a", Status.PASS))
    assert "nothing of it deviates: remove it" in summary.expired[0].detail


def test_an_entry_that_says_what_another_says_is_a_duplicate(tmp_path: Path) -> None:
    statuses, summary = run(tmp_path, ENTRY + ENTRY.replace("known", "again"), result("a"))
    assert statuses == [Status.WAIVED]
    (note,) = summary.duplicates
    assert note.reason == "again"
    assert note.detail.startswith("says the same as entry 1 (line ")
    assert summary.stale
    assert not (summary.unmatched or summary.unexpected_passes or summary.expired)


@pytest.mark.parametrize(
    "second",
    [
        ENTRY.replace('"fail"', '"crash"'),
        ENTRY.replace('"a"', '"*"'),
        ENTRY + 'applies_to = "other"\n',
    ],
    ids=["outcome", "glob", "other library"],
)
def test_entries_that_differ_are_no_duplicates(tmp_path: Path, second: str) -> None:
    _, summary = run(tmp_path, ENTRY + second, result("a"))
    assert not summary.duplicates


def test_an_entry_that_was_renewed_beside_its_old_self_is_no_duplicate(tmp_path: Path) -> None:
    text = ENTRY + "until = 2026-05-31\n" + ENTRY
    statuses, summary = run(tmp_path, text, result("a"))
    assert statuses == [Status.WAIVED]
    assert (len(summary.expired), summary.duplicates) == (1, ())


@pytest.mark.parametrize("line", ['reason = "TODO: why?"', 'link = " TODO"'])
def test_a_placeholder_is_no_reason(tmp_path: Path, line: str) -> None:
    kept = [each for each in ENTRY.splitlines() if not each.startswith(line[:4])]
    found = load(tmp_path, "\n".join([*kept, line]) + "\n")
    assert "1 entry has a placeholder" in found.unfinished
    assert "entry 1 (line" in found.unfinished
    with pytest.raises(UsageError, match=r"--strict: In the expectation file .* for a\. Say why"):
        found.insist()
    load(tmp_path, ENTRY).insist()


def test_a_glob_in_a_part_is_not_judged_by_what_the_part_lacks(tmp_path: Path) -> None:
    entries = load(tmp_path, ENTRY.replace('"a"', '"t/*"'))
    changed, summary = apply(
        (result("t/2", Status.PASS),), entries, "x", TODAY, known_checks=("t/1",), whole=False
    )
    assert changed[0].status is Status.PASS
    assert not summary.stale


DRAFTED = Report(
    suite=Suite(version="1", spec_sha256=""),
    implementation=Implementation(id="apache-tvm-ffi==0.1.1", path="/x.so", sha256=""),
    run=Run(effort="quick", seed=0),
    checks=(
        attrs.evolve(result('a/b::c["x\\\\y"é]'), message="A-1: A promise.\nsaw \x1b[2J\nand more"),
        result("passes", Status.PASS),
        attrs.evolve(result("waived"), status=Status.WAIVED, outcome="fail"),
        attrs.evolve(result("warns"), status=Status.WARN, outcome="fail"),
    ),
)


def test_a_draft_has_an_entry_for_what_deviates_and_is_not_waived(tmp_path: Path) -> None:
    text = draft.render(DRAFTED)
    found = load(tmp_path, text)
    (entry,) = found.entries
    assert (entry.check, entry.outcome) == (DRAFTED.checks[0].id, "fail")
    assert entry.unfinished
    assert entry.applies_to is not None
    assert entry.covers("apache-tvm-ffi==0.1.1")
    assert not entry.covers("apache-tvm-ffi==0.1.2")
    assert "# A-1: saw \\x1b[2J\n" in text
    nothing = draft.render(attrs.evolve(DRAFTED, checks=()))
    assert load(tmp_path, nothing).entries == ()


def test_a_draft_replaces_no_file(tmp_path: Path) -> None:
    draft.check_new(tmp_path / "new.toml")
    draft.check_new(None)
    (tmp_path / "old.toml").touch()
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "none")
    for name in ("old.toml", "dangling.toml"):
        with pytest.raises(UsageError, match="a draft replaces none"):
            draft.check_new(tmp_path / name)


@pytest.mark.parametrize(
    ("applies_to", "id", "applies"),
    [
        ("apache-tvm-ffi", "apache-tvm-ffi==0.1.0", True),
        ("apache_tvm_ffi", "apache-tvm-ffi==0.1.0", True),
        ("apache-tvm-ffi", "reference", False),
        ("reference", "reference", True),
        ("libmine.so", "libmine.so", True),
        ("apache-tvm-ffi<=0.1.7", "apache-tvm-ffi==0.1.7", True),
        ("apache-tvm-ffi<=0.1.7", "apache-tvm-ffi==0.1.10", False),
        ("apache-tvm-ffi<=0.1.7", "libmine.so", False),
        ("apache-tvm-ffi<=0.1.7", "apache-tvm-ffi", False),
        ("apache-tvm-ffi<=0.1.8.post2", "apache-tvm-ffi==0.1.8.post2", True),
        ("apache-tvm-ffi<=0.1.8", "apache-tvm-ffi==0.1.8.post2", False),
        ("apache-tvm-ffi>=0.1.6,<0.1.13", "apache-tvm-ffi==0.1.12", True),
        ("apache-tvm-ffi>=0.1.6,<0.1.13", "apache-tvm-ffi==0.1.13.post2", False),
        ("apache-tvm-ffi>=0.1.13.post2", "apache-tvm-ffi==0.1.15.post2", True),
        ("apache-tvm-ffi==0.1.15.*", "apache-tvm-ffi==0.1.15.post2", True),
    ],
)
def test_applies_to(tmp_path: Path, applies_to: str, id: str, applies: bool) -> None:
    statuses, summary = run(tmp_path, f'{ENTRY}applies_to = "{applies_to}"\n', result("a"), id=id)
    assert statuses == [Status.WAIVED if applies else Status.FAIL]
    # An entry about another implementation is never to be edited because of this one.
    assert not summary.stale


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[expect]\n", "line 1"),
        ("x = 1\n", "unknown key 'x'"),
        ('[expect]\ncheck = "a"\n', "[[expect]]"),
        ("expect = [1]\n", "not a table"),
        (ENTRY.replace("reason", "raison"), "'raison'"),
        (ENTRY.replace('reason = "known"', ""), "reason is missing"),
        (ENTRY.replace('"known"', '" "'), "reason is missing"),
        (ENTRY.replace('"fail"', '"warn"'), "fail, crash or timeout"),
        (ENTRY.replace('"a"', "7"), "check = 7 is not a string"),
        (ENTRY + 'until = "soon"\n', "2027-01-31"),
        (ENTRY + "until = 7\n", "not a date"),
        (ENTRY + 'applies_to = "a b"\n', "applies_to"),
        (ENTRY + "applies_to = \"a; python_version > '3'\"\n", "applies_to"),
        (ENTRY + "\n" + ENTRY.replace('"fail"', '"no"'), "entry 2 (line 6)"),
    ],
)
def test_a_malformed_file_is_explained(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
    assert "e.toml" in str(caught.value)
    assert caught.value.hint


def test_an_unreadable_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path, tmp_path / "binary.toml", tmp_path / "none.toml"):
        with pytest.raises(UsageError, match=str(path)):
            load_expectations(path)


def test_an_empty_file_expects_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "").entries == ()


def test_a_bare_name_is_a_file_of_the_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "conformance" / "expectations"
    folder.mkdir(parents=True)
    (folder / "apache-tvm-ffi.toml").write_text(ENTRY)
    monkeypatch.setattr(module, "resource", lambda name: tmp_path / name)
    assert len(load_expectations("apache-tvm-ffi").entries) == 1
    with pytest.raises(UsageError, match="apache-tvm-ffi"):
        load_expectations("apache-tvm")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "huge", "missing"])
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "e.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(1 << 40)
    with pytest.raises(UsageError) as caught:
        load_expectations(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_tables_without_an_end(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not valid TOML"):
        load(tmp_path, f"expect = {'[' * 100_000}")


def test_an_entry_is_about_one_of_several_libraries() -> None:
    applies_to = AppliesTo(name="torch", versions=SpecifierSet("<3"))
    assert applies_to.covers("numpy==2.4.6, torch==2.13.0+cpu")
    assert not applies_to.covers("numpy==2.4.6, torch==3.0")
    assert not applies_to.covers("numpy==2.4.6, reference")
