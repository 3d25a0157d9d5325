# SPDX-License-Identifier: Apache-2.0
"""A run that is split over several jobs, and put together again."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.engine import shares
from ffi_cts.engine.shares import share
from ffi_cts.errors import UsageError
from ffi_cts.expectations import Expectation, Expectations, apply
from ffi_cts.frontends.cli.report import report as command
from ffi_cts.parts import merge
from ffi_cts.report import store
from ffi_cts.report.words import verdict_sentence
from ffi_cts.results import (
    CheckResult,
    CompanionFacts,
    Finding,
    Implementation,
    Level,
    Part,
    Report,
    Run,
    Status,
    Suite,
    Verdict,
)
from support.command import Command, Here

ONLY = ("--only", "handles/*", "--only", "ERR-CREATE-*", "--effort", "quick")
ENTRIES = Expectations(
    entries=(
        Expectation(check="t/*", outcome="fail", reason="known", place="entry 1"),
        Expectation(check="t/*", outcome="fail", reason="again", place="entry 2"),
        Expectation(check="b", outcome="crash", reason="another outcome"),
        Expectation(check="gone", outcome="fail", reason="no such check"),
        Expectation(check="elsewhere", outcome="fail", reason="not selected"),
        Expectation(check="c", outcome="fail", reason="over", until=date(2000, 1, 1)),
        Expectation(check="d", outcome="fail", reason="passes now"),
    )
)
TODAY = date(2026, 6, 1)


# Shares.


@given(
    st.dictionaries(st.text("abc/", min_size=1, max_size=6), st.floats(0, 100), min_size=8),
    st.integers(1, 8),
)
def test_each_check_is_in_one_part_wherever_it_is_asked(seconds: dict[str, float], of: int) -> None:
    ids = list(seconds)
    parts = [share(ids, number, of, seconds) for number in range(1, of + 1)]
    assert sorted(position for part in parts for position in part) == list(range(len(ids)))
    assert parts == [share(ids, number, of, dict(seconds)) for number in range(1, of + 1)]
    assert all(part == sorted(part) for part in parts)
    loads = [sum(seconds[ids[position]] for position in part) for part in parts]
    assert max(loads) - min(loads) <= max(seconds.values()) + 1e-3


def test_without_durations_parts_are_of_one_size() -> None:
    ids = [f"t/{n}" for n in range(10)]
    assert sorted(len(share(ids, n, 4, {})) for n in (1, 2, 3, 4)) == [2, 2, 3, 3]


def test_more_parts_than_checks_are_refused() -> None:
    with pytest.raises(
        UsageError, match="--shard 1/3: there are more parts than checks selected, 2"
    ):
        share(["a", "b"], 1, 3, {})


def test_the_durations_that_ship_are_of_checks() -> None:
    found = shares.durations()
    assert found
    assert all(re.fullmatch(r"[\w/]+::.+", id) and took > 0 for id, took in found.items())


# Parts.


def check(id: str, status: Status, level: Level = Level.MUST) -> CheckResult:
    outcome = "fail" if status is Status.WARN else ""
    return CheckResult(
        id=id, clauses=("A",), level=level, profile="core", status=status, outcome=outcome
    )


CHECKS = (
    check("t/1", Status.FAIL),
    check("a", Status.PASS),
    check("t/2", Status.PASS),
    check("b", Status.FAIL),
    check("c", Status.FAIL),
    check("t/3", Status.WARN, Level.SHOULD),
    check("d", Status.PASS),
    check("e", Status.UNSUPPORTED),
)
KNOWN = (*(each.id for each in CHECKS), "elsewhere")


def whole(checks: tuple[CheckResult, ...] = CHECKS, entries: Expectations = ENTRIES) -> Report:
    results, summary = apply(checks, entries, "lib.so", TODAY, known_checks=KNOWN)
    return Report(
        suite=Suite(version="1", spec_sha256="a" * 64),
        implementation=Implementation(id="lib.so", path="/lib.so", sha256="b" * 64),
        companions=(CompanionFacts(role="second", id="reference", sha256="c" * 64),),
        run=Run(effort="quick", seed=0, strict=True, started="2026-06-01T00:00:00+00:00"),
        checks=results,
        findings=(Finding("signal-handlers", "SIGSEGV"),),
        expectations=summary,
    )


def part(number: int, of: int = 3, entries: Expectations = ENTRIES) -> Report:
    positions = tuple(range(number - 1, len(CHECKS), of))
    results, summary = apply(
        [CHECKS[at] for at in positions], entries, "lib.so", TODAY, known_checks=KNOWN, whole=False
    )
    base = whole()
    return attrs.evolve(
        base,
        run=attrs.evolve(base.run, partial=True),
        checks=results,
        expectations=summary,
        part=Part(
            numbers=(number,),
            of=of,
            selection="d" * 64,
            positions=positions,
            day=TODAY.isoformat(),
            entries=tuple(entry.as_part() for entry in entries.entries),
        ),
    )


def merged(*parts: Report) -> Report:
    return merge(parts, [f"{n}.json" for n, _ in enumerate(parts)])


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_parts_make_the_report_of_the_whole_run(order: tuple[int, ...]) -> None:
    assert merged(*(part(number) for number in order)) == whole()
    stale = whole().expectations
    assert [n.check for n in stale.unmatched] == ["b", "gone"]
    assert [n.check for n in stale.unexpected_passes] == ["d"]
    assert (len(stale.expired), len(stale.duplicates)) == (1, 1)


def test_a_part_does_not_judge_a_glob_by_itself() -> None:
    assert [n.check for n in part(3).expectations.unexpected_passes] == []
    assert part(3).checks[0].status is Status.PASS


def test_a_part_says_that_it_is_one_and_answers_for_itself() -> None:
    passing = attrs.evolve(part(2), checks=(CHECKS[1],))
    assert passing.verdict is Verdict.CONFORMANT
    assert "this is part 2 of 3 only" in verdict_sentence(passing)


def test_a_lost_part_is_not_conformant() -> None:
    passing = [
        attrs.evolve(part(n), checks=tuple(check(f"x{n}{m}", Status.PASS) for m in range(2)))
        for n in (1, 2)
    ]
    found = merged(*(attrs.evolve(p, part=attrs.evolve(p.part, positions=(n, n + 3)))
                     for n, p in enumerate(passing) if p.part))  # fmt: skip
    assert (found.verdict, found.exit_code()) == (Verdict.INCOMPLETE, 3)
    assert verdict_sentence(found) == "incomplete: part 3 of 3 is missing"
    alone = merged(passing[0])
    assert (alone.verdict, alone.exit_code()) == (Verdict.INCOMPLETE, 3)
    assert "parts 2 and 3 of 3 are missing" in verdict_sentence(alone)


def test_what_is_missing_can_be_added_later(tmp_path: Path) -> None:
    incomplete = merged(part(3), part(1))
    store.write(incomplete, tmp_path / "r.json")
    again = store.read(tmp_path / "r.json")
    assert again == incomplete
    assert merged(again, part(2)) == whole()


def test_a_deviation_of_an_incomplete_merge_stays_one() -> None:
    found = merged(part(1), part(2))
    assert (found.verdict, found.exit_code()) == (Verdict.NONCONFORMANT, 3)


def other(**changes: object) -> Callable[[Report], Report]:
    """Part 2 of another run."""

    def change(report: Report) -> Report:
        run = {k: v for k, v in changes.items() if k in attrs.fields_dict(Run)}
        rest = {k: v for k, v in changes.items() if k not in run}
        return attrs.evolve(report, run=attrs.evolve(report.run, **run), **rest)  # type: ignore[arg-type]

    return change


def apart(report: Report, **changes: object) -> Report:
    """The report with another part."""
    assert report.part is not None
    return attrs.evolve(report, part=attrs.evolve(report.part, **changes))  # type: ignore[arg-type]


LIBRARY = Implementation(id="lib.so", path="/lib.so", sha256="e" * 64)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other(implementation=LIBRARY), "the library is lib.so bbbb"),
        (other(suite=Suite(version="2", spec_sha256="a" * 64)), "the suite is 1"),
        (other(effort="deep"), "the effort is quick in the first, deep in the second"),
        (other(seed=7), "the seed is 0 in the first, 7 in the second"),
        (other(only=("ERR-*",)), "--only is not given in the first, ERR-* in the second"),
        (other(strict=False), "--strict is given"),
        (other(companions=()), "the second library is reference"),
        (lambda report: apart(report, of=4), "the number of parts is 3"),
        (lambda report: apart(report, selection="f"), "the selection is"),
        (lambda report: apart(report, entries=()), "expectations are 7 entries"),
        (other(part=None), "1.json is the report of a whole run on lib.so"),
        (lambda report: part(1), "Part 1 of 3 is there twice: in 0.json and in 1.json"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    change: Callable[[Report], Report], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        merged(part(1), change(part(2)))
    assert said in str(caught.value)
    assert caught.value.hint


# The commands.


def shown(*files: Path) -> Result:
    return CliRunner().invoke(command, [str(file) for file in files])


def test_report_puts_parts_together_and_tells_what_is_wrong(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.json" for n in (1, 2, 3)]
    for number, file in enumerate(files, 1):
        store.write(part(number), file)
    result = shown(*files, Path("--json"), tmp_path / "r.json")
    assert store.read(tmp_path / "r.json") == whole()
    assert result.exit_code == whole().exit_code() == 1
    assert "incomplete" not in result.output
    alone = shown(files[0])
    assert alone.exit_code == 3
    assert "part 1 of 3" in alone.output
    strange = tmp_path / "strange.json"
    store.write(attrs.evolve(part(2), implementation=LIBRARY), strange)
    said = str(shown(files[0], strange).exception)
    assert "are parts of runs on different libraries" in said


def test_a_part_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    data = json.loads(store.to_json(part(1)))
    data["part"]["positions"].pop()
    file = tmp_path / "r.json"
    file.write_text(json.dumps(data))
    with pytest.raises(UsageError, match="it does not fit its own checks"):
        store.read(file)


@pytest.mark.parametrize("word", ["", "0/4", "5/4", "1", "a/b", "1/0", "1/2/3", "-1/4", "1/99999"])
def test_what_is_no_part(here: Here, word: str) -> None:
    run = here("run", "reference", "--shard", word)
    assert run.returncode == 2
    assert "is no part; write 1/4 for the first of four" in " ".join(run.stderr.split())


@pytest.mark.slow
def test_four_shards_equal_the_whole_run(command: Command, tmp_path: Path) -> None:
    expect = tmp_path / "known.toml"
    expect.write_text(
        '[[expect]]\ncheck = "handles/*"\noutcome = "fail"\nreason = "a glob over several parts"\n'
    )
    options = (*ONLY, "--expect", expect)
    run = command("run", "reference", *options, "--json", tmp_path / "whole.json")
    assert run.returncode == 0, run.stderr
    files = [tmp_path / f"{number}.json" for number in (1, 2, 3, 4)]
    for number, file in enumerate(files, 1):
        run = command("run", "reference", *options, "--shard", f"{number}/4", "--json", file)
        assert f"this is part {number} of 4 only" in run.stdout
    run = command("report", *files, "--json", tmp_path / "merged.json")
    one, other = (
        json.loads((tmp_path / name).read_text(), object_hook=timeless)
        for name in ("whole.json", "merged.json")
    )
    assert one == other
    assert Counter(each["status"] for each in one["checks"])["unexpected_pass"] > 3


def timeless(data: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if key not in ("seconds", "started")}


def test_a_part_of_absurdly_many_is_no_report(tmp_path: Path) -> None:
    data = store.to_data(part(1))
    data["part"]["of"] = 10**12
    file = tmp_path / "r.json"
    file.write_text(json.dumps(data))
    with pytest.raises(UsageError, match="greater than the maximum"):
        store.read(file)
