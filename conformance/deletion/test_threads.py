# SPDX-License-Identifier: Apache-2.0
"""Objects dropped by threads of another library."""

from ffi_cts.checks import Runtime, clause, contention, native
from ffi_cts.checks.deletions import BOTH
from ffi_cts.checks.kinds import each_kind, make, makeable
from ffi_cts.checks.pairs import assign, each_maker


@clause("XLIB-THREAD-01")
@each_kind
@each_maker
def test_dropped_by_a_thread_of_the_other_library(
    runtime: Runtime, second: Runtime, maker: str, kind: str
) -> None:
    first, other = assign(maker, runtime, second)
    made = make(first, kind)
    log = made.watch(other)
    assert other.helper("cts_thread_release", other.api, made.obj) == 0
    made.expect_deletions(log, [BOTH], "after another thread dropped the last reference")
    made.expect_released(1, "after another thread dropped the last reference")
    assert made.shared or log.call[0].thread != native.cts_thread_id(), (
        "the deleter ran on this thread"
    )


@clause("XLIB-THREAD-02")
def test_last_of_many_threads_of_the_other_library(runtime: Runtime, second: Runtime) -> None:
    kinds = makeable()
    for done, team in enumerate(contention(runtime, rounds=12, overlaps=250)):
        first, other = (runtime, second) if done % 2 else (second, runtime)
        many = [make(first, kind) for _ in range(8) for kind in kinds]
        logs = [made.watch(other) for made in many]
        for made in many:
            first.incref(made.obj)
        objects = [made.obj for made in many]
        failures = team.run_each("cts_threads_release_each", objects, library=other)
        assert failures == 0, "some of the releases failed"
        when = "after two threads dropped one reference each"
        for made, log in zip(many, logs, strict=True):
            made.expect_deletions(log, [BOTH], when)
            made.expect_released(1, when)
