# SPDX-License-Identifier: Apache-2.0
"""Objects whose last reference is dropped by somebody who did not make them."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause
from ffi_cts.checks.deletions import BOTH, STRONG, WEAK
from ffi_cts.checks.kinds import (
    Made,
    can_make,
    each_kind,
    each_kind_of_another,
    kinds,
    make,
)


def _drop(made: Made, dropper: Runtime, when: str) -> None:
    log = made.watch(dropper)
    dropper.decref(made.obj)
    made.expect_deletions(log, [BOTH], when)
    made.expect_released(1, when)


@clause("XLIB-DROP-01")
@each_kind
def test_object_of_the_library_dropped_by_another(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    _drop(make(runtime, kind), second, f"after {second.name} dropped the last reference")


@clause("XLIB-DROP-02")
@each_kind_of_another
def test_object_of_another_dropped_by_the_library(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    if can_make(runtime, kind):  # what worked for its own objects is not for others
        runtime.decref(make(runtime, kind).obj)
    _drop(make(second, kind), runtime, f"after {runtime.name} dropped the last reference")


@clause("XLIB-DROP-03")
@each_kind
def test_object_dropped_by_no_library(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    log = made.watch(runtime)
    runtime.helper("cts_strong_incref", made.obj)
    runtime.helper("cts_strong_decref", made.obj)
    made.expect_released(0, "with one reference left")
    runtime.helper("cts_strong_decref", made.obj)
    made.expect_deletions(log, [BOTH], "after the last reference")
    made.expect_released(1, "after the last reference")


@clause("XLIB-DROP-04")
@given(
    kind=kinds,
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
        made.expect_counts(runtime, i + 2, 1, f"after {i + 1} retains")
    for i, (_, released_by_second) in enumerate(by_second):
        (second if released_by_second else runtime).decref(made.obj)
        left = len(by_second) - i
        made.expect_counts(runtime, left, 1, f"with {left} references left")
    made.expect_released(0, "with one reference left")
    (runtime if made_by_second else second).decref(made.obj)
    made.expect_released(1, "after the last reference")


@clause("XLIB-WEAK-01")
@each_kind
def test_weak_reference_outlives_a_drop_by_another_library(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    made = make(runtime, kind)
    log = made.watch(second)
    runtime.helper("cts_weak_incref", made.obj)
    second.decref(made.obj)
    made.expect_deletions(log, [STRONG], "with one weak reference left")
    made.expect_released(1, "with one weak reference left")
    promoted = runtime.helper("cts_weak_promote", made.obj)
    assert made.shared or not promoted, f"the dead {kind} object was promoted"
    if promoted:
        second.decref(made.obj)  # somebody else kept it alive
    runtime.helper("cts_weak_decref", made.obj)
    made.expect_deletions(log, [STRONG, WEAK], "after the last weak reference")
    made.expect_released(1, "after the last weak reference")


@clause("XLIB-WEAK-02")
@each_kind_of_another
def test_library_drops_a_weakly_held_object_of_another(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    made = make(second, kind)
    log = made.watch(runtime)
    runtime.helper("cts_weak_incref", made.obj)
    runtime.decref(made.obj)
    made.expect_deletions(log, [STRONG], "with one weak reference left")
    made.expect_counts(runtime, 0, 1, "with one weak reference left")
    runtime.helper("cts_weak_decref", made.obj)
    made.expect_deletions(log, [STRONG, WEAK], "after the last weak reference")
