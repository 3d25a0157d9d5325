# SPDX-License-Identifier: Apache-2.0
"""Objects dropped by threads of another library."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, native
from ffi_cts.checks.deletions import BOTH
from ffi_cts.checks.kinds import each_kind, kinds, make
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
@given(kind=kinds, made_by_second=st.booleans(), threads=st.integers(2, 8))
def test_last_of_many_threads_of_the_other_library(
    runtime: Runtime, second: Runtime, kind: str, made_by_second: bool, threads: int
) -> None:
    first, other = (second, runtime) if made_by_second else (runtime, second)
    made = make(first, kind)
    log = made.watch(other)
    for _ in range(threads - 1):
        first.incref(made.obj)
    failures = other.helper("cts_threads_release_once", other.api, threads, made.obj)
    assert failures == 0, f"{failures} of {threads} releases failed"
    made.expect_deletions(log, [BOTH], f"after {threads} threads dropped one reference each")
    made.expect_released(1, f"after {threads} threads dropped one reference each")
