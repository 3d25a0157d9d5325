# SPDX-License-Identifier: Apache-2.0
"""TVMFFITensorCreateUnsafeView."""

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, values
from ffi_cts.checks.tensors import (
    TENSOR,
    Kind,
    Spec,
    expect_same,
    export,
    exported,
    kinds,
    read,
    release_export,
    shown,
    specs,
    tensor_from,
    view,
    view_of,
)

LONG = Spec(shape=(1,) * 1000, strides=tuple(range(1000)))
WIDE = Spec(shape=(2,) * 100, strides=tuple(range(-50, 50)))


@clause("TENSOR-VIEW-01")
@given(source=specs(), spec=specs())
@example(source=Spec(), spec=Spec(shape=(), strides=()))
@example(source=Spec(), spec=LONG)
@example(source=Spec(), spec=WIDE)
@example(source=Spec(), spec=Spec(shape=(2, 3), strides=(0, -1), byte_offset=64))
def test_view_shows_the_prototype(runtime: Runtime, source: Spec, spec: Spec) -> None:
    tensor, _ = tensor_from(runtime, source)
    handle = view_of(runtime, tensor, spec)
    expect_same(read(shown(runtime, handle)), spec, "the view")
    runtime.decref(handle)
    runtime.decref(tensor)


@clause("TENSOR-VIEW-02")
@given(kind=kinds)
def test_view_is_a_tensor_with_one_reference(runtime: Runtime, kind: Kind) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    handle = view_of(runtime, tensor, Spec())
    index = runtime.type_index(handle)
    assert index == TENSOR, f"expected {values.name(TENSOR)}, found {values.name(index)}"
    assert runtime.counts(handle) == (1, 1), f"(strong, weak) are {runtime.counts(handle)}"
    runtime.decref(handle)
    runtime.decref(tensor)


@clause("TENSOR-VIEW-03")
@given(spec=specs())
@example(spec=Spec(shape=(4, 5), strides=(5, 1)))
@example(spec=LONG)
def test_shape_and_strides_are_copies(runtime: Runtime, spec: Spec) -> None:
    tensor, _ = tensor_from(runtime)
    prototype = spec.build(runtime)
    code, handle = view(runtime, tensor, prototype)
    runtime.ok(code, "TVMFFITensorCreateUnsafeView")
    for axis in range(len(spec.shape)):
        prototype.shape[axis], prototype.strides[axis] = -77, -78
    expect_same(read(shown(runtime, handle)), spec, "the view, its prototype being overwritten,")
    runtime.decref(handle)
    runtime.decref(tensor)


@clause("TENSOR-VIEW-04")
@given(kind=kinds, order=st.permutations(range(4)))
@example(kind="legacy", order=[0, 1, 2, 3])
@example(kind="versioned", order=[3, 2, 1, 0])
def test_views_keep_the_source(runtime: Runtime, kind: Kind, order: list[int]) -> None:
    tensor, producer = tensor_from(runtime, kind=kind)
    users = [tensor] + [view_of(runtime, tensor, Spec()) for _ in range(3)]
    for number in order:
        assert producer.deletions == 0, "the data were given back while a view or handle lives"
        runtime.decref(users[number])
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"


@clause("TENSOR-VIEW-09")
@given(kind=kinds)
def test_weakly_held_view_lets_go_of_its_source(runtime: Runtime, kind: Kind) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    handle = view_of(runtime, tensor, Spec())
    runtime.helper("cts_weak_incref", handle)
    runtime.decref(handle)
    found = runtime.counts(tensor)
    assert found == (1, 1), f"with the view gone but weakly held, its source has counts {found}"
    runtime.helper("cts_weak_decref", handle)
    found = runtime.counts(tensor)
    assert found == (1, 1), f"after the last weak reference to the view, its source has {found}"
    runtime.decref(tensor)


@clause("TENSOR-VIEW-05")
@given(kind=kinds, into=exported, depth=st.integers(1, 6))
def test_views_of_views_and_their_exports_keep_the_source(
    runtime: Runtime, kind: Kind, into: Kind, depth: int
) -> None:
    handle, producer = tensor_from(runtime, kind=kind)
    for level in range(depth):
        deeper = view_of(runtime, handle, Spec(byte_offset=level))
        runtime.decref(handle)
        handle = deeper
    managed = export(runtime, handle, into)
    runtime.decref(handle)
    assert producer.deletions == 0, "the data were given back while the export of a view lives"
    expect_same(read(managed.dl_tensor), Spec(byte_offset=depth - 1), "the export of the view")
    release_export(runtime, managed, into)
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"


@clause("TENSOR-VIEW-06")
@given(ndim=st.sampled_from([1, 2, 7, 1000]))
def test_prototype_without_strides_is_refused_or_filled_in(runtime: Runtime, ndim: int) -> None:
    tensor, producer = tensor_from(runtime)
    prototype = Spec(shape=(1,) * ndim, strides=None).build(runtime)
    code, handle = view(runtime, tensor, prototype)
    if code == 0:
        assert shown(runtime, handle).strides != NULL, f"the view has NULL strides, ndim = {ndim}"
        runtime.decref(handle)
    else:
        runtime.decref(runtime.refused(code, "TVMFFITensorCreateUnsafeView"))
    assert runtime.counts(tensor) == (1, 1), (
        f"(strong, weak) of the source were (1, 1), now {runtime.counts(tensor)}"
    )
    assert producer.deletions == 0
    runtime.decref(tensor)
    assert producer.deletions == 1


@clause("TENSOR-VIEW-08")
@given(spec=specs())
def test_scalar_prototype_needs_no_arrays(runtime: Runtime, spec: Spec) -> None:
    tensor, _ = tensor_from(runtime)
    scalar = attrs.evolve(spec, shape=(), strides=None)
    handle = view_of(runtime, tensor, scalar)
    expect_same(read(shown(runtime, handle)), scalar, "the view")
    runtime.decref(handle)
    runtime.decref(tensor)
