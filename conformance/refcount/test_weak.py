# SPDX-License-Identifier: Apache-2.0
"""Weak references, as holders outside of the library keep them: they work on the header."""

from ffi_cts.checks import Runtime, clause
from ffi_cts.checks.deletions import STRONG, WEAK
from ffi_cts.checks.kinds import each_kind, index_of, make


@clause("REF-WEAK-01")
@each_kind
def test_header_stays_until_the_last_weak_reference(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    log = made.watch(runtime)
    runtime.helper("cts_weak_incref", made.obj)
    runtime.decref(made.obj)
    made.expect_deletions(log, [STRONG], "with one weak reference left")
    # Whatever is allocated now must not lie where the header still is.
    others = [make(runtime, kind).obj for _ in range(4)]
    index = runtime.type_index(made.obj)
    assert made.obj not in others, (
        f"a new {kind} object took the place of one with a weak reference"
    )
    made.expect_counts(runtime, 0, 1, "with one weak reference left")
    assert index == index_of(kind), f"type index {index} in the header of the weakly held {kind}"
    runtime.helper("cts_weak_decref", made.obj)
    made.expect_deletions(log, [STRONG, WEAK], "after the last weak reference")
    for other in others:
        runtime.decref(other)


@clause("REF-WEAK-02")
@each_kind
def test_content_goes_with_the_last_strong_reference(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    runtime.helper("cts_weak_incref", made.obj)
    made.expect_released(0, "while a strong reference is left")
    runtime.decref(made.obj)
    made.expect_released(1, "after the last strong reference, with a weak one left")
    runtime.helper("cts_weak_decref", made.obj)
    made.expect_released(1, "after the last weak reference")


@clause("REF-WEAK-03")
@each_kind
def test_dead_object_cannot_be_promoted(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    runtime.helper("cts_weak_incref", made.obj)
    runtime.decref(made.obj)
    promoted = runtime.helper("cts_weak_promote", made.obj)
    runtime.helper("cts_weak_decref", made.obj)
    if promoted and made.shared:
        runtime.decref(made.obj)  # somebody else kept it alive
    assert made.shared or not promoted, (
        f"the {kind} came back to life after its last strong reference was gone"
    )


@clause("REF-WEAK-04")
@each_kind
def test_promoted_reference_is_as_good_as_any(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    runtime.helper("cts_weak_incref", made.obj)
    assert runtime.helper("cts_weak_promote", made.obj), f"the live {kind} can't be promoted"
    runtime.helper("cts_weak_decref", made.obj)
    runtime.decref(made.obj)
    made.expect_counts(runtime, 1, 1, "with only the promoted reference left")
    made.expect_released(0, "with the promoted reference left")
    runtime.decref(made.obj)
    made.expect_released(1, "after the promoted reference")
