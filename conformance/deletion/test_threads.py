# SPDX-License-Identifier: Apache-2.0
"""Objects dropped by threads of another library."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, native
from ffi_cts.checks.deletions import BOTH, expect_deletions
from ffi_cts.checks.kinds import KINDS, each_kind, make
from ffi_cts.checks.pairs import assign, each_maker


@clause("XLIB-THREAD-01")
@each_kind
@each_maker
def test_dropped_by_a_thread_of_the_other_library(
    runtime: Runtime, second: Runtime, maker: str, kind: str
) -> None:
    first, other = assign(maker, runtime, second)
    made = make(first, kind)
    log = other.spy(made.obj)
    assert other.helper("cts_thread_release", other.api, made.obj) == 0
    expect_deletions(log, made.obj, [BOTH], "after another thread dropped the last reference")
    made.expect_released(1, "after another thread dropped the last reference")
    assert log.call[0].thread != native.cts_thread_id(), "the deleter ran on this thread"


@clause("XLIB-THREAD-02")
@given(kind=st.sampled_from(KINDS), made_by_second=st.booleans(), threads=st.integers(2, 8))
def test_last_of_many_threads_of_the_other_library(
    runtime: Runtime, second: Runtime, kind: str, made_by_second: bool, threads: int
) -> None:
    first, other = (second, runtime) if made_by_second else (runtime, second)
    made = make(first, kind)
    log = other.spy(made.obj)
    for _ in range(threads - 1):
        first.incref(made.obj)
    failures = other.helper("cts_threads_release_once", other.api, threads, made.obj)
    assert failures == 0, f"{failures} of {threads} releases failed"
    expect_deletions(log, made.obj, [BOTH], f"after {threads} threads dropped one reference each")
    made.expect_released(1, f"after {threads} threads dropped one reference each")
