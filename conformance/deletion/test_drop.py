# SPDX-License-Identifier: Apache-2.0
"""Objects whose last reference is dropped by somebody who did not make them."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, native
from ffi_cts.checks.deletions import BOTH, STRONG, WEAK, expect_deletions
from ffi_cts.checks.kinds import KINDS, Made, each_kind, make

ANY_KIND = st.sampled_from(KINDS)


def _drop(made: Made, dropper: Runtime, when: str) -> None:
    log = dropper.spy(made.obj)
    dropper.decref(made.obj)
    expect_deletions(log, made.obj, [BOTH], when)
    made.expect_released(1, when)


@clause("XLIB-DROP-01")
@each_kind
def test_object_of_the_library_dropped_by_another(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    _drop(make(runtime, kind), second, f"after {second.name} dropped the last reference")


@clause("XLIB-DROP-02")
@each_kind
def test_object_of_another_dropped_by_the_library(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    runtime.decref(make(runtime, kind).obj)  # what worked for its own objects is not for others
    _drop(make(second, kind), runtime, f"after {runtime.name} dropped the last reference")


@clause("XLIB-DROP-03")
@each_kind
def test_object_dropped_by_no_library(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    log = runtime.spy(made.obj)
    native.cts_strong_incref(made.obj)
    native.cts_strong_decref(made.obj)
    made.expect_released(0, "with one reference left")
    native.cts_strong_decref(made.obj)
    expect_deletions(log, made.obj, [BOTH], "after the last reference")
    made.expect_released(1, "after the last reference")


@clause("XLIB-DROP-04")
@given(
    kind=ANY_KIND,
    made_by_second=st.booleans(),
    by_second=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12),
)
def test_both_libraries_count_in_one_word(
    runtime: Runtime,
    second: Runtime,
    kind: str,
    made_by_second: bool,
    by_second: list[tuple[bool, bool]],
) -> None:
    made = make(second if made_by_second else runtime, kind)
    for i, (retained_by_second, _) in enumerate(by_second):
        (second if retained_by_second else runtime).incref(made.obj)
        counts = runtime.counts(made.obj)
        assert counts == (i + 2, 1), f"(strong, weak) is {counts} after {i + 1} retains"
    for i, (_, released_by_second) in enumerate(by_second):
        (second if released_by_second else runtime).decref(made.obj)
        counts = runtime.counts(made.obj)
        left = len(by_second) - i
        assert counts == (left, 1), f"(strong, weak) is {counts} with {left} references left"
    made.expect_released(0, "with one reference left")
    (runtime if made_by_second else second).decref(made.obj)
    made.expect_released(1, "after the last reference")


@clause("XLIB-WEAK-01")
@each_kind
def test_weak_reference_outlives_a_drop_by_another_library(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    made = make(runtime, kind)
    log = second.spy(made.obj)
    native.cts_weak_incref(made.obj)
    second.decref(made.obj)
    expect_deletions(log, made.obj, [STRONG], "with one weak reference left")
    made.expect_released(1, "with one weak reference left")
    assert not native.cts_weak_promote(made.obj), f"the dead {kind} object was promoted"
    native.cts_weak_decref(made.obj)
    expect_deletions(log, made.obj, [STRONG, WEAK], "after the last weak reference")
    made.expect_released(1, "after the last weak reference")


@clause("XLIB-WEAK-02")
@each_kind
def test_library_drops_a_weakly_held_object_of_another(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    made = make(second, kind)
    log = runtime.spy(made.obj)
    native.cts_weak_incref(made.obj)
    runtime.decref(made.obj)
    expect_deletions(log, made.obj, [STRONG], "with one weak reference left")
    assert runtime.counts(made.obj) == (0, 1)
    native.cts_weak_decref(made.obj)
    expect_deletions(log, made.obj, [STRONG, WEAK], "after the last weak reference")
