# SPDX-License-Identifier: Apache-2.0
"""TVMFFITensorFromDLPack and TVMFFITensorFromDLPackVersioned: what the new object shows."""

from hypothesis import example, given

from ffi_cts.checks import Runtime, clause, values
from ffi_cts.checks.tensors import (
    TENSOR,
    Kind,
    Spec,
    compact,
    expect_same,
    kinds,
    produce,
    read,
    shapes,
    shown,
    specs,
    take,
    tensor_from,
)

HIGH_RANK = Spec(shape=(1, 2) * 32, strides=tuple(range(-32, 32)))


@clause("TENSOR-IMPORT-01")
@given(spec=specs(), kind=kinds)
@example(spec=Spec(shape=(), strides=None), kind="legacy")
@example(spec=Spec(shape=(), strides=()), kind="versioned")
@example(spec=Spec(shape=(0,), strides=(1,), data=0), kind="versioned")
@example(spec=Spec(shape=(2, 3), strides=(-3, 0)), kind="legacy")
@example(spec=HIGH_RANK, kind="versioned")
@example(spec=HIGH_RANK, kind="legacy")
@example(spec=Spec(byte_offset=2**64 - 1, data=2**64 - 8), kind="versioned")
def test_description_is_kept(runtime: Runtime, spec: Spec, kind: Kind) -> None:
    producer = produce(runtime, spec, kind)
    tensor = take(runtime, producer)
    expect_same(read(shown(runtime, tensor)), spec, "the tensor object")
    runtime.decref(tensor)


@clause("TENSOR-IMPORT-02")
@given(kind=kinds)
def test_object_is_a_tensor_with_one_reference(runtime: Runtime, kind: Kind) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    index = runtime.type_index(tensor)
    assert index == TENSOR, f"expected {values.name(TENSOR)}, found {values.name(index)}"
    assert runtime.counts(tensor) == (1, 1), f"(strong, weak) are {runtime.counts(tensor)}"
    runtime.decref(tensor)


@clause("TENSOR-IMPORT-03")
@given(shape=shapes, kind=kinds)
@example(shape=(2, 3, 4), kind="legacy")
@example(shape=(5,), kind="versioned")
@example(shape=(2,) * 40, kind="legacy")
def test_missing_strides_are_filled_in(
    runtime: Runtime, shape: tuple[int, ...], kind: Kind
) -> None:
    tensor, _ = tensor_from(runtime, Spec(shape=shape, strides=None), kind)
    found = read(shown(runtime, tensor))
    assert found.shape == shape
    assert found.strides is not None, f"strides are NULL with ndim = {len(shape)}"
    if 0 not in shape:
        for axis, (size, stride) in enumerate(zip(shape, compact(shape), strict=True)):
            # The stride of a dimension of one element means nothing.
            assert size == 1 or found.strides[axis] == stride, (
                f"shape {shape}: stride {axis} is {found.strides[axis]}, compact is {stride}"
            )
    runtime.decref(tensor)


@clause("TENSOR-IMPORT-04")
@given(spec=specs(null_strides=True), kind=kinds)
def test_zero_demands_accept_everything(runtime: Runtime, spec: Spec, kind: Kind) -> None:
    tensor = take(runtime, produce(runtime, spec, kind), alignment=0, contiguous=0)
    runtime.decref(tensor)
