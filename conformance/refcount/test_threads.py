# SPDX-License-Identifier: Apache-2.0
"""Counting and deletion with many threads at once."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, native
from ffi_cts.checks.deletions import BOTH, expect_deletions
from ffi_cts.checks.kinds import each_kind, kinds, make

ROUNDS = 3000


@clause("REF-THREAD-01")
def test_concurrent_retain_and_release_lose_no_count(runtime: Runtime) -> None:
    obj, log = runtime.foreign()
    failures = runtime.helper("cts_threads_retain_release", runtime.api, 8, ROUNDS, obj)
    assert failures == 0, f"{failures} of the concurrent calls failed"
    counts = runtime.counts(obj)
    assert counts == (1, 1), f"balanced retains and releases by 8 threads left {counts}"
    expect_deletions(log, obj, [], "with one reference left")


@clause("REF-THREAD-02")
@given(kind=kinds, threads=st.integers(2, 12) | st.just(32))
def test_last_of_many_threads_deletes_once(runtime: Runtime, kind: str, threads: int) -> None:
    made = make(runtime, kind)
    log = made.watch(runtime)
    for _ in range(threads - 1):
        runtime.incref(made.obj)
    failures = runtime.helper("cts_threads_release_once", runtime.api, threads, made.obj)
    assert failures == 0, f"{failures} of {threads} releases failed"
    made.expect_deletions(log, [BOTH], f"after {threads} threads dropped one reference each")
    made.expect_released(1, f"after {threads} threads dropped one reference each")


@clause("REF-THREAD-03")
def test_promotion_beside_release(runtime: Runtime) -> None:
    obj, log = runtime.foreign()
    failures = runtime.helper("cts_threads_promote", runtime.api, 8, ROUNDS, obj)
    assert failures == 0, f"{failures} promotions or releases failed while a reference was held"
    counts = runtime.counts(obj)
    assert counts == (1, 1), f"balanced promotions and releases by 8 threads left {counts}"
    expect_deletions(log, obj, [], "with one reference left")


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
