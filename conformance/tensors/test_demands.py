# SPDX-License-Identifier: Apache-2.0
"""require_alignment and require_contiguous of the imports."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause
from ffi_cts.checks.tensors import (
    CPU,
    DEVICES,
    Kind,
    Spec,
    compact,
    kinds,
    produce,
    refuse,
    shapes,
    take,
)

PLAIN_ADDRESSES = st.sampled_from([CPU, (DEVICES["kDLCUDA"], 0), (DEVICES["kDLCUDA"], 3)])
ALIGNMENTS = st.sampled_from([1, 2, 4, 8, 16, 64, 256, 4096, 2**20, 2**30])
FAR = 2**40
"""A multiple of every alignment that is asked for here."""
full_shapes = st.lists(st.integers(2, 9), max_size=5).map(tuple)


@clause("TENSOR-ALIGN-01")
@given(
    kind=kinds,
    alignment=ALIGNMENTS,
    device=PLAIN_ADDRESSES,
    steps=st.integers(-4, 4),
    offset=st.integers(0, 8192),
)
@example(kind="legacy", alignment=64, device=CPU, steps=0, offset=0)
@example(kind="versioned", alignment=64, device=CPU, steps=1, offset=16)
@example(kind="legacy", alignment=64, device=CPU, steps=1, offset=63)
def test_aligned_data_are_accepted(
    runtime: Runtime, kind: Kind, alignment: int, device: tuple[int, int], steps: int, offset: int
) -> None:
    data = FAR + steps * alignment - offset
    spec = Spec(data=data, byte_offset=offset, device=device)
    runtime.decref(take(runtime, produce(runtime, spec, kind), alignment=alignment))


@clause("TENSOR-ALIGN-02")
@given(
    kind=kinds,
    alignment=ALIGNMENTS.filter(lambda number: number > 1),
    device=PLAIN_ADDRESSES,
    off_by=st.integers(1, 2**30),
    offset=st.integers(0, 8192),
)
@example(kind="legacy", alignment=64, device=CPU, off_by=32, offset=0)
@example(kind="versioned", alignment=64, device=CPU, off_by=8, offset=8)
@example(kind="versioned", alignment=2, device=CPU, off_by=1, offset=0)
@example(kind="legacy", alignment=2**30, device=CPU, off_by=4096, offset=0)
@example(kind="versioned", alignment=2**30, device=CPU, off_by=2**29, offset=0)
def test_misaligned_data_are_refused(
    runtime: Runtime, kind: Kind, alignment: int, device: tuple[int, int], off_by: int, offset: int
) -> None:
    off_by %= alignment
    data = FAR + (off_by or alignment // 2) - offset
    spec = Spec(data=data, byte_offset=offset, device=device)
    refuse(runtime, produce(runtime, spec, kind), alignment=alignment)


@clause("TENSOR-CONTIG-01")
@given(kind=kinds, shape=shapes.filter(lambda shape: 0 not in shape), null=st.booleans())
@example(kind="versioned", shape=(), null=True)
@example(kind="legacy", shape=(2,) * 50, null=False)
def test_row_major_tensors_are_contiguous(
    runtime: Runtime, kind: Kind, shape: tuple[int, ...], null: bool
) -> None:
    spec = Spec(shape=shape, strides=None if null else compact(shape))
    runtime.decref(take(runtime, produce(runtime, spec, kind), contiguous=1))


@clause("TENSOR-CONTIG-02")
@given(kind=kinds, shape=full_shapes, where=st.integers(0, 5), stride=st.integers(-(2**62), 2**62))
@example(kind="legacy", shape=(2, 3), where=0, stride=0)
@example(kind="versioned", shape=(2, 3), where=2, stride=1)
@example(kind="versioned", shape=(), where=0, stride=77)
def test_stride_of_one_element_is_no_obstacle(
    runtime: Runtime, kind: Kind, shape: tuple[int, ...], where: int, stride: int
) -> None:
    at = min(where, len(shape))
    strides = compact(shape)
    spec = Spec(shape=(*shape[:at], 1, *shape[at:]), strides=(*strides[:at], stride, *strides[at:]))
    runtime.decref(take(runtime, produce(runtime, spec, kind), contiguous=1))


@clause("TENSOR-CONTIG-03")
@given(
    kind=kinds,
    shape=full_shapes.filter(len),
    axis=st.integers(0, 4),
    wrong=st.sampled_from([0, -1, 2, 3, 5, 2**31, 2**32]),
)
@example(kind="legacy", shape=(3,), axis=0, wrong=-1)
@example(kind="versioned", shape=(2, 3), axis=0, wrong=0)
@example(kind="versioned", shape=(3, 2), axis=0, wrong=2**32)
@example(kind="legacy", shape=(2,) * 50, axis=0, wrong=3)
def test_gaps_and_reversals_are_refused(
    runtime: Runtime, kind: Kind, shape: tuple[int, ...], axis: int, wrong: int
) -> None:
    strides = list(compact(shape))
    axis %= len(shape)
    # Broadcast, reversed, or with gaps; 2**32 also catches a comparison of 32 bits only.
    strides[axis] = strides[axis] + wrong if wrong == 2**32 else strides[axis] * wrong
    refuse(runtime, produce(runtime, Spec(shape=shape, strides=tuple(strides)), kind), contiguous=1)


@clause("TENSOR-CONTIG-03")
@given(kind=kinds, shape=full_shapes.filter(lambda shape: len(shape) > 1))
@example(kind="legacy", shape=(2, 2))
def test_column_major_tensors_are_refused(
    runtime: Runtime, kind: Kind, shape: tuple[int, ...]
) -> None:
    strides = compact(shape[::-1])[::-1]
    refuse(runtime, produce(runtime, Spec(shape=shape, strides=strides), kind), contiguous=1)


@clause("TENSOR-CONTIG-04")
@given(
    kind=kinds,
    shape=st.lists(st.sampled_from([0, 1, 2, 5]), min_size=1, max_size=5).filter(lambda s: 0 in s),
    stride=st.sampled_from([0, 1, -1, 7]),
)
@example(kind="versioned", shape=[2, 0], stride=7)
def test_empty_tensors_are_contiguous(
    runtime: Runtime, kind: Kind, shape: list[int], stride: int
) -> None:
    spec = Spec(shape=tuple(shape), strides=(stride,) * len(shape), data=0)
    runtime.decref(take(runtime, produce(runtime, spec, kind), contiguous=1))
