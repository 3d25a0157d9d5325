# SPDX-License-Identifier: Apache-2.0
"""TVMFFIObjectDecRef."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause
from ffi_cts.checks.deletions import BOTH, STRONG, WEAK, deaths, expect_deletions
from ffi_cts.checks.kinds import each_kind, make
from ffi_cts.checks.memory import guarded_object

TOP = 2**32 - 1
TYPE_INDICES = st.sampled_from([64, 65, 68, 73, 127, 128, 4711, 2**31 - 1])
COUNTS = st.one_of(st.integers(1, 64), st.sampled_from([2**16, 2**31 - 1, 2**31, TOP]))


@clause("REF-DEC-01")
@each_kind
def test_takes_one_strong_reference_and_nothing_else(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    runtime.incref(made.obj)
    runtime.incref(made.obj)
    header = runtime.header(made.obj)
    before = (header.type_index, header.deleter)
    runtime.decref(made.obj)
    made.expect_counts(runtime, 2, 1, "after TVMFFIObjectDecRef with three references")
    after = (header.type_index, header.deleter)
    made.expect_released(0, "with two references left")
    runtime.decref(made.obj)
    runtime.decref(made.obj)
    assert after == before, "TVMFFIObjectDecRef changed the type index or the deleter"


@clause("REF-DEC-02")
@given(strong=COUNTS.filter(lambda count: count > 1), weak=COUNTS)
@example(strong=TOP, weak=1)
@example(strong=2**31, weak=TOP)
@example(strong=2**16, weak=1)
@example(strong=2**32 - 2**16 + 1, weak=1)
def test_counts_down_from_the_end_of_32_bits(runtime: Runtime, strong: int, weak: int) -> None:
    obj, log = runtime.foreign()
    runtime.header(obj).combined_ref_count = weak << 32 | strong
    runtime.decref(obj)
    counts = runtime.counts(obj)
    assert counts == (strong - 1, weak), (
        f"TVMFFIObjectDecRef made (strong, weak) {counts} of {(strong, weak)}"
    )
    expect_deletions(log, obj, [], f"with {strong - 1} strong references left")


@clause("REF-DEC-03")
@given(references=st.integers(1, 32), type_index=TYPE_INDICES)
def test_last_reference_runs_the_deleter_once(
    runtime: Runtime, references: int, type_index: int
) -> None:
    obj, log = runtime.foreign(type_index)
    runtime.header(obj).combined_ref_count = 1 << 32 | references
    for _ in range(references):
        expect_deletions(log, obj, [], "before the last reference is gone")
        runtime.decref(obj)
    expect_deletions(log, obj, [BOTH], "after the last reference of an object without weak ones")


@clause("REF-DEC-04")
@given(weak=COUNTS.filter(lambda count: count > 1), type_index=TYPE_INDICES)
def test_storage_stays_while_weak_references_remain(
    runtime: Runtime, weak: int, type_index: int
) -> None:
    obj, log = runtime.foreign(type_index)
    runtime.header(obj).combined_ref_count = weak << 32 | 1
    runtime.decref(obj)
    expect_deletions(log, obj, [STRONG], f"after the last strong reference, with {weak - 1} weak")
    counts = runtime.counts(obj)
    assert counts == (0, weak - 1), (
        f"(strong, weak) is {counts} after the last of 1 strong reference went, where "
        f"{(0, weak - 1)} is due: all strong references together hold one weak reference"
    )


@clause("REF-DEC-05")
@given(own=st.integers(1, 4))
def test_weak_references_dropped_by_the_deleter_free_the_storage(
    runtime: Runtime, own: int
) -> None:
    obj, log = runtime.foreign()
    log.drops_weak = own
    runtime.header(obj).combined_ref_count = (own + 1) << 32 | 1
    runtime.decref(obj)
    expect_deletions(
        log, obj, [STRONG, WEAK], "after the deleter itself dropped the other weak references"
    )
    assert runtime.counts(obj) == (0, 0), f"(strong, weak) is {runtime.counts(obj)}, not (0, 0)"


@clause("REF-DEC-10")
@given(others=st.integers(1, 3))
@example(others=1)
def test_strong_references_keep_their_weak_one_while_the_deleter_runs(
    runtime: Runtime, others: int
) -> None:
    obj, log = runtime.foreign()
    runtime.header(obj).combined_ref_count = (others + 1) << 32 | 1
    runtime.decref(obj)
    seen = log.call[0].weak
    assert seen == others + 1, (
        f"the deleter saw {seen} weak references, expected {others + 1}: "
        "whoever drops one meanwhile would free the storage under it"
    )


@clause("REF-DEC-06")
@given(weak=st.integers(1, 3))
def test_deleter_sees_no_strong_reference(runtime: Runtime, weak: int) -> None:
    obj, log = runtime.foreign()
    runtime.header(obj).combined_ref_count = weak << 32 | 1
    runtime.decref(obj)
    assert deaths(log) == 1, f"the deleter ran {deaths(log)} times with the flag Strong"
    seen = log.call[0].strong
    assert seen == 0, f"the deleter ran while the strong count was {seen}: a promotion would work"


@clause("REF-DEC-07")
@given(weak=st.integers(1, 3))
def test_object_without_deleter(runtime: Runtime, weak: int) -> None:
    obj, log = runtime.foreign()
    header = runtime.header(obj)
    header.deleter = NULL
    header.combined_ref_count = weak << 32 | 1
    runtime.decref(obj)
    assert runtime.strong(obj) == 0
    assert log.calls == 0


@clause("REF-DEC-08")
@given(type_index=TYPE_INDICES)
def test_needs_nothing_but_the_header(runtime: Runtime, type_index: int) -> None:
    obj = guarded_object(type_index)
    log = runtime.spy(obj)
    runtime.incref(obj)
    runtime.decref(obj)
    expect_deletions(log, obj, [], "with one reference left")
    runtime.decref(obj)
    expect_deletions(log, obj, [BOTH], "after the last reference")


@clause("REF-DEC-09")
def test_null_does_not_end_the_process(runtime: Runtime) -> None:
    if runtime.TVMFFIObjectDecRef(NULL) != 0:
        error = runtime.take_raised()
        if error != NULL:
            runtime.decref(error)
