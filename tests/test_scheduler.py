# SPDX-License-Identifier: Apache-2.0
"""From planned checks to results, with checks made up for the purpose."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from ffi_cts.abi import load
from ffi_cts.engine import jobs, linux, shift
from ffi_cts.engine.context import Context
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.judge import Raw
from ffi_cts.engine.marks import imports, slow
from ffi_cts.engine.plan import Check
from ffi_cts.engine.scheduler import Job, Scheduler, Timeouts
from ffi_cts.engine.subject import Subject
from ffi_cts.results import CheckResult

Body = Callable[[Context, Crumbs], Raw]
SHORT = Timeouts(
    check=2.0, example=0.5, shrinking=5.0, batch=1.0, shrinking_hang=2.0, shrinking_hangs=60.0
)
LONG = Timeouts.scaled(10.0)


def passes(context: Context, crumbs: Crumbs) -> Raw:
    return Raw("pass")


def hangs(context: Context, crumbs: Crumbs) -> Raw:
    if context.fork_examples:
        return Raw("timeout", "found again", example="x=1")
    crumbs.enter("call(1)")
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return Raw("pass")


def spins(context: Context, crumbs: Crumbs) -> Raw:
    while True:
        pass


def made_up(name: str, body: Body, *, fresh: bool = False, prop: bool = False) -> Check:
    """A check that runs ``body`` in place of a pytest item."""

    def test() -> None: ...

    if prop:
        test.hypothesis = None  # type: ignore[attr-defined]
    item: Any = SimpleNamespace(obj=test, body=body, fixturenames=[] if fresh else ["runtime"])
    clause = next(clause for clause in load().clauses.values() if clause.level == "MUST")
    return Check(name, (clause,), item)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, CheckResult]]]:
    """Runs checks and gives (id, result) in the order in which results came."""
    monkeypatch.setattr(
        shift, "carry_out", lambda item, context, crumbs: item.body(context, crumbs)
    )

    def run(
        checks: Sequence[Check], timeouts: Timeouts = LONG, parallel: int = 2, batch: int = 1
    ) -> list[tuple[str, CheckResult]]:
        scheduler = Scheduler(parallel, timeouts, ["ffi-cts", "run", "made-up"])
        features = frozenset(_needs(checks))
        subject = Subject(kind="none", id="made up", path=Path("/none"), features=features)
        for check in checks:
            scheduler.add(Job(check, subject, batch))
        return [(job.check.id, result) for job, result in scheduler.run()]

    return run


def _needs(checks: Sequence[Check]) -> set[str]:
    return {need for check in checks for need in check.requires}


Judged = Callable[..., list[tuple[str, CheckResult]]]


class Counted:
    """A check that is lost the first ``times`` times; counted in a folder, for it forks."""

    def __init__(self, folder: Path, times: int) -> None:
        self._folder = folder
        self._times = times

    def __call__(self, context: Context, crumbs: Crumbs) -> Raw:
        number = len(list(self._folder.iterdir()))
        (self._folder / str(number)).touch()
        return Raw("lost", "no two threads overlapped") if number < self._times else Raw("pass")

    @property
    def runs(self) -> int:
        return len(list(self._folder.iterdir()))


@pytest.mark.parametrize(("times", "status", "runs"), [(2, "pass", 3), (99, "lost", 3)])
def test_what_was_lost_is_tried_twice_more_at_the_end(
    judged: Judged, tmp_path: Path, times: int, status: str, runs: int
) -> None:
    body = Counted(tmp_path, times)
    checks = [made_up("lost", body), *(made_up(f"other {i}", passes) for i in range(5))]
    results = judged(checks)
    assert results[-1][0] == "lost"
    assert results[-1][1].status == status
    assert (body.runs, len(results)) == (runs, 6)


def test_a_batch_that_hangs_is_taken_apart(judged: Judged) -> None:
    checks = [made_up(f"passes {i}", passes) for i in range(3)]
    checks.insert(1, made_up("hangs", hangs))
    results = dict(judged(checks, batch=4))
    assert {name: result.status.value for name, result in results.items()} == {
        **{f"passes {i}": "pass" for i in range(3)},
        "hangs": "timeout",
    }
    assert results["hangs"].in_call == "call(1)"
    assert "waits without end, inside call(1)" in results["hangs"].message


@pytest.mark.slow
def test_a_library_that_hangs_everywhere_costs_no_result(judged: Judged) -> None:
    """The timeouts are so long that the test would not end if one of them had to run out."""
    checks = [made_up(f"hangs {i}", hangs, prop=i % 2 == 0) for i in range(17)]
    results = dict(judged(checks, Timeouts.scaled(1000.0), batch=8))
    assert len(results) == 17
    assert {result.status.value for result in results.values()} == {"timeout"}
    assert results["hangs 0"].example == "x=1"
    assert results["hangs 1"].example == ""


def test_searches_for_the_smallest_hang_are_bounded_together(judged: Judged) -> None:
    checks = [made_up(f"hangs {i}", hangs, prop=True) for i in range(3)]
    timeouts = Timeouts(check=60, example=1, shrinking=60, shrinking_hangs=0.0)
    results = judged(checks, timeouts)
    assert [result.status.value for _, result in results] == ["timeout"] * 3
    assert {result.example for _, result in results} == {""}


@pytest.mark.slow
def test_what_computes_for_ever_is_a_timeout(judged: Judged) -> None:
    ((_, result),) = judged([made_up("spins", spins)], SHORT)
    assert result.status == "timeout"
    assert "no answer within 2 s" in result.message


@pytest.mark.slow
def test_where_two_checks_never_came_back_later_ones_get_less_time(judged: Judged) -> None:
    """The third would have an hour for the same call; the last is in it often, never for long."""
    timeouts = attrs.evolve(SHORT, suspect=0.5)

    def spins_in_a_call(context: Context, crumbs: Crumbs) -> Raw:
        crumbs.enter("spins(1)")
        return spins(context, crumbs)

    def is_there_often(context: Context, crumbs: Crumbs) -> Raw:
        end = time.process_time() + 1.0
        while time.process_time() < end:
            crumbs.enter("spins(2)")
            crumbs.leave()
            crumbs.enter("spins(2)")
        return Raw("pass")

    checks = [made_up(f"spins {i}", spins_in_a_call) for i in range(4)]
    results = dict(judged([*checks, made_up("often", is_there_often)], timeouts))
    assert results.pop("often").status == "pass"
    messages = [result.message for result in results.values()]
    assert {result.status.value for result in results.values()} == {"timeout"}
    assert sum("no answer within 2 s inside spins(1)" in message for message in messages) >= 2
    assert any("it is where checks before it stayed" in message for message in messages)


def test_what_takes_long_starts_first(judged: Judged) -> None:
    late = made_up("slow", passes)
    slow(late.item.obj)
    checks = [made_up("usual", passes), made_up("fresh", passes, fresh=True), late]
    assert [name for name, _ in judged(checks, parallel=1)] == ["slow", "fresh", "usual"]


def test_what_will_not_pass_shares_no_child() -> None:
    subject = Subject(kind="none", id="made up", path=Path("/none"))
    planned = [jobs.Job(made_up(f"{i}", passes), subject, 1 if i == 2 else 4) for i in range(6)]
    shared = [[job.check.id for job in batch] for batch in shift.batches(planned)]
    assert shared == [["2"], ["0", "1", "3", "4"], ["5"]]


@pytest.mark.parametrize("effort", ["quick", "standard", "deep"])
def test_deadlines_follow_the_effort(effort: str) -> None:
    assert Timeouts.scaled(2.0, effort).check == 2.0 * jobs._CHECK_SECONDS[effort]
    assert Timeouts.scaled(1.0, "deep").check > Timeouts.scaled(1.0, "quick").check


# Foremen, and what checks leave behind.


def kills_its_parent(context: Context, crumbs: Crumbs) -> Raw:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)
    return Raw("pass")


def test_a_check_that_kills_foremen_costs_no_other_result(judged: Judged) -> None:
    checks = [made_up(f"passes {i}", passes) for i in range(6)]
    checks.insert(2, made_up("kills", kills_its_parent))
    results = dict(judged(checks))
    assert results.pop("kills").status == "lost"
    assert {result.status.value for result in results.values()} == {"pass"}
    assert len(results) == 6


def test_imports_are_made_once_for_all_that_want_them(judged: Judged) -> None:
    def body(context: Context, crumbs: Crumbs) -> Raw:
        return Raw("fail", f"tabnanny is {'tabnanny' in sys.modules}")

    checks = [made_up("plain", body), made_up("wants", body), made_up("lacks", body)]
    imports("tabnanny")(checks[1].item.obj)
    imports("there_is_no_such_module")(checks[2].item.obj)
    results = dict(judged(checks))
    assert results["plain"].message.endswith("tabnanny is False")
    assert results["wants"].message.endswith("tabnanny is True")
    assert results["lacks"].status == "unsupported"
    assert "there_is_no_such_module can't be imported" in results["lacks"].message
    assert "tabnanny" not in sys.modules


def test_what_a_foreman_imports_is_no_part_of_the_memory_of_a_check(
    judged: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limit(context: Context, crumbs: Crumbs) -> Raw:
        return Raw("fail", str(resource.getrlimit(resource.RLIMIT_AS)[0]))

    (tmp_path / "large_module.py").write_text(
        "import mmap\nspace = mmap.mmap(-1, 1 << 33, mmap.MAP_PRIVATE, mmap.PROT_READ)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    checks = [made_up("plain", limit), made_up("large", limit)]
    imports("large_module")(checks[1].item.obj)
    results = dict(judged(checks))
    plain, large = (int(results[name].message.split()[-1]) for name in ("plain", "large"))
    assert plain == 8 * linux.GIB
    assert large >= plain + (1 << 33)


def leaves_files(context: Context, crumbs: Crumbs) -> Raw:
    folder = Path(tempfile.mkdtemp())
    (folder / "library.so").touch()
    Path(os.environ["TMPDIR"], "another").touch()
    os.write(1, os.fsencode(folder))
    os.kill(os.getpid(), signal.SIGKILL)
    return Raw("pass")


def test_scratch_goes_whatever_its_check_did(
    judged: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ((_, result),) = judged([made_up("leaves", leaves_files)])
    assert result.status == "crash"
    assert result.output.startswith(f"{tmp_path}/")
    assert list(tmp_path.iterdir()) == []


def test_scratch_goes_when_the_run_is_stopped(
    judged: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def sleeps(context: Context, crumbs: Crumbs) -> Raw:
        tempfile.mkdtemp()
        time.sleep(600)
        return Raw("pass")

    check = made_up("sleeps", sleeps)
    subject = Subject(
        kind="none", id="made up", path=Path("/none"), features=frozenset(_needs([check]))
    )
    scheduler = Scheduler(1, LONG, ["ffi-cts"])
    scheduler.add(Job(check, subject))

    def tick() -> None:
        if list(tmp_path.glob("*/*/*")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(scheduler.run(tick))
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_is_too_large_is_cut_and_not_damaged(judged: Judged) -> None:
    def talks(context: Context, crumbs: Crumbs) -> Raw:
        text = "\0\N{SNOWMAN}\udcff" * 1_000_000
        return Raw("fail", text, text, (text,) * 100, text)

    ((_, result),) = judged([made_up("talks", talks)])
    assert result.status == "fail"
    assert "\N{SNOWMAN}" in result.message
    assert result.message.endswith("…")
    assert result.example.endswith("…")
    assert len(result.calls) == 40
