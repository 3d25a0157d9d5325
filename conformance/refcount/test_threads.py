# SPDX-License-Identifier: Apache-2.0
"""Counting and deletion with many threads at once."""

from ffi_cts.checks import Runtime, Team, clause, contention, native
from ffi_cts.checks.deletions import BOTH, STRONG, WEAK, deletions, expect_deletions
from ffi_cts.checks.kinds import each_kind, make, makeable
from ffi_cts.checks.native import CData

OBJECTS = 48
"""Objects of one round, each of which is seen to be deleted once."""


def expect_balance(runtime: Runtime, obj: CData, log: CData, failures: int, what: str) -> None:
    assert failures == 0, f"concurrent calls failed or lost their object: {what}"
    counts = runtime.counts(obj)
    assert counts == (1, 1), (
        f"{what}, by two threads and all balanced, left other counts than (1, 1)"
    )
    expect_deletions(log, obj, [], f"{what}, with one reference left")


@clause("REF-THREAD-01")
def test_concurrent_retain_and_release_lose_no_count(runtime: Runtime) -> None:
    for team in contention(runtime):
        obj, log = runtime.foreign()
        failures = team.run("cts_threads_retain_release", obj)
        expect_balance(runtime, obj, log, failures, "retains and releases")


@clause("REF-THREAD-02")
def test_last_of_many_threads_deletes_once(runtime: Runtime) -> None:
    kinds = makeable()
    for team in contention(runtime, rounds=20, overlaps=600):
        release_foreign(runtime, team)
    for team in contention(runtime, overlaps=100):
        release_each(runtime, team, kinds * (OBJECTS // len(kinds)), threads=2)
    # More threads than cores hardly ever meet; but there may be a limit to how many can count.
    release_each(runtime, team, kinds, threads=8)


def release_foreign(runtime: Runtime, team: Team) -> None:
    """Let two drop the references of objects that can be seen to be deleted twice."""
    many = [runtime.foreign() for _ in range(OBJECTS)]
    for obj, _ in many:
        runtime.helper("cts_strong_incref", obj)
    failures = team.run_each("cts_threads_release_each", [obj for obj, _ in many])
    assert failures == 0, "some of the releases failed"
    for obj, log in many:
        expect_deletions(log, obj, [BOTH], "after two threads dropped one reference each")


def release_each(runtime: Runtime, team: Team, kinds: list[str], threads: int) -> None:
    """Let ``threads`` drop the references of one object after the other."""
    many = [make(runtime, kind) for kind in kinds]
    logs = [made.watch(runtime) for made in many]
    for made in many:
        for _ in range(threads - 1):
            runtime.incref(made.obj)
    objects = [made.obj for made in many]
    failures = team.run_each("cts_threads_release_each", objects, threads)
    assert failures == 0, "some of the releases failed"
    when = f"after {threads} threads dropped one reference each"
    for made, log in zip(many, logs, strict=True):
        made.expect_deletions(log, [BOTH], when)
        made.expect_released(1, when)


@clause("REF-THREAD-03")
def test_promotion_beside_release(runtime: Runtime) -> None:
    helpers = ("cts_threads_promote_beside", "cts_threads_promote")
    for done, team in enumerate(contention(runtime, rounds=8)):
        obj, log = runtime.foreign()
        failures = team.run(helpers[done % 2], obj)
        expect_balance(runtime, obj, log, failures, "promotions and releases")


@clause("REF-THREAD-04")
@each_kind
def test_deleter_runs_on_the_thread_that_drops(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    log = made.watch(runtime)
    assert runtime.helper("cts_thread_release", runtime.api, made.obj) == 0
    made.expect_deletions(log, [BOTH], "after another thread dropped the last reference")
    made.expect_released(1, "after another thread dropped the last reference")
    here = native.cts_thread_id()
    deleted_here = not made.shared and log.call[0].thread == here
    assert not deleted_here, "the deleter ran on another thread than the release"


@clause("REF-THREAD-05")
def test_last_weak_reference_beside_the_last_strong_one(runtime: Runtime) -> None:
    for team in contention(runtime, rounds=20, overlaps=700):
        many = [runtime.foreign() for _ in range(OBJECTS)]
        for obj, _ in many:
            runtime.helper("cts_weak_incref", obj)
        failures = team.run_each("cts_threads_release_beside_weak", [obj for obj, _ in many])
        assert failures == 0, "some of the releases failed"
        for obj, log in many:
            flags = deletions(log)
            assert flags in ([BOTH], [STRONG, WEAK]), (
                "one thread dropped the last strong reference and another one the last weak "
                f"reference: the deleter ran with flags {flags}, where content (1) and storage (2) "
                "go once each"
            )
            assert runtime.counts(obj)[0] == 0


@clause("REF-THREAD-06")
def test_concurrent_owned_values_lose_no_count(runtime: Runtime) -> None:
    for team in contention(runtime):
        obj, log = runtime.foreign()
        failures = team.run("cts_threads_own_release", obj)
        expect_balance(runtime, obj, log, failures, "owned values made and released")
