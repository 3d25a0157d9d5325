# SPDX-License-Identifier: Apache-2.0
"""TVMFFIObjectIncRef."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause
from ffi_cts.checks.kinds import each_kind, make
from ffi_cts.checks.memory import guarded_object

TOP = 2**32 - 1
STRONG = st.one_of(st.integers(1, 64), st.sampled_from([2**31 - 1, 2**31, TOP - 1]))
WEAK = st.one_of(st.integers(1, 64), st.sampled_from([2**31 - 1, 2**31, TOP]))
TYPE_INDICES = st.sampled_from([64, 65, 68, 73, 127, 128, 4711, 2**31 - 1])


@clause("REF-INC-01")
@each_kind
def test_adds_one_strong_reference_and_nothing_else(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    header = runtime.header(made.obj)
    before = (header.type_index, header.deleter)
    runtime.incref(made.obj)
    made.expect_counts(runtime, 2, 1, "after TVMFFIObjectIncRef of a new object")
    after = (header.type_index, header.deleter)
    runtime.decref(made.obj)
    runtime.decref(made.obj)
    assert after == before, "TVMFFIObjectIncRef changed the type index or the deleter"


@clause("REF-INC-02")
@given(strong=STRONG, weak=WEAK)
@example(strong=TOP - 1, weak=1)
@example(strong=2**31 - 1, weak=TOP)
@example(strong=2**16 - 1, weak=2**16 - 1)
def test_counts_to_the_end_of_32_bits(runtime: Runtime, strong: int, weak: int) -> None:
    obj, _ = runtime.foreign()
    runtime.header(obj).combined_ref_count = weak << 32 | strong
    runtime.incref(obj)
    counts = runtime.counts(obj)
    assert counts == (strong + 1, weak), (
        f"TVMFFIObjectIncRef made (strong, weak) {counts} of {(strong, weak)}"
    )


@clause("REF-INC-03")
@given(type_index=TYPE_INDICES)
def test_needs_nothing_but_the_header(runtime: Runtime, type_index: int) -> None:
    obj = guarded_object(type_index)
    runtime.incref(obj)
    counts = runtime.counts(obj)
    assert counts == (2, 1), f"TVMFFIObjectIncRef made (strong, weak) {counts} of (1, 1)"


@clause("REF-INC-04")
def test_null_does_not_end_the_process(runtime: Runtime) -> None:
    if runtime.TVMFFIObjectIncRef(NULL) != 0:
        error = runtime.take_raised()
        if error != NULL:
            runtime.decref(error)
