# SPDX-License-Identifier: Apache-2.0
"""Objects fresh from the functions that make them."""

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.kinds import each_kind, index_of, is_immutable, make, view_of


@clause("REF-NEW-01")
@each_kind
def test_new_object_has_one_strong_and_one_weak_reference(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    counts = runtime.counts(made.obj)
    runtime.decref(made.obj)
    if is_immutable(kind) and min(counts) >= 1:
        return  # it may be shared with others who hold references
    assert counts == (1, 1), f"a new {kind} has (strong, weak) = {counts}, not (1, 1)"


@clause("REF-NEW-02")
@each_kind
def test_new_object_has_the_type_index_of_its_kind(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    index = runtime.type_index(made.obj)
    runtime.decref(made.obj)
    expected = index_of(kind)
    assert index == expected, (
        f"a new {kind} has type index {values.name(index)}, not {values.name(expected)}"
    )


@clause("REF-NEW-03")
@each_kind
def test_new_object_is_aligned_to_eight_bytes(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    beyond = int(ffi.cast("uintptr_t", made.obj)) % 8
    runtime.decref(made.obj)
    assert beyond == 0, f"a new {kind} object lies {beyond} bytes behind a multiple of 8"


@clause("REF-NEW-04")
def test_new_view_has_one_strong_and_one_weak_reference(runtime: Runtime) -> None:
    tensor = make(runtime, "tensor").obj
    view = view_of(runtime, tensor)
    counts = runtime.counts(view)
    runtime.decref(view)
    runtime.decref(tensor)
    assert counts == (1, 1), f"a new view has (strong, weak) = {counts}, not (1, 1)"
