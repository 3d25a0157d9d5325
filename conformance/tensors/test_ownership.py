# SPDX-License-Identifier: Apache-2.0
"""Who owns an imported tensor, and when its deleter runs."""

import math

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, native
from ffi_cts.checks.tensors import (
    Kind,
    Producer,
    Spec,
    kinds,
    produce,
    refuse,
    specs,
    take,
    take_back,
    tensor_from,
    try_import,
)


def deleted_once(producer: Producer) -> None:
    """The deleter has run exactly once, with the struct it belongs to."""
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"
    assert producer.log.last_self == producer.managed, "the deleter got another struct than its own"


@clause("TENSOR-OWN-01")
@given(spec=specs(null_strides=True), kind=kinds, references=st.integers(1, 8))
def test_deleter_runs_once_when_the_last_reference_goes(
    runtime: Runtime, spec: Spec, kind: Kind, references: int
) -> None:
    tensor, producer = tensor_from(runtime, spec, kind)
    for _ in range(references - 1):
        runtime.incref(tensor)
    for left in reversed(range(references)):
        assert producer.deletions == 0, f"deleted with {left + 1} references left"
        runtime.decref(tensor)
    deleted_once(producer)


def refused(runtime: Runtime, kind: Kind, demand: str) -> tuple[Producer, bytes]:
    """A producer whose import was refused, and its struct before that."""
    producer = produce(runtime, Spec(strides=(7, 1), data=4097), kind)
    before = producer.snapshot()
    if demand == "alignment":
        refuse(runtime, producer, alignment=64)
    else:
        refuse(runtime, producer, contiguous=1)
    return producer, before


DEMANDS = st.sampled_from(["alignment", "contiguous"])


@clause("TENSOR-OWN-02")
@given(kind=kinds, demand=DEMANDS)
@example(kind="legacy", demand="alignment")
@example(kind="versioned", demand="alignment")
@example(kind="legacy", demand="contiguous")
@example(kind="versioned", demand="contiguous")
def test_refused_tensor_stays_with_the_caller(runtime: Runtime, kind: Kind, demand: str) -> None:
    producer, _ = refused(runtime, kind, demand)
    assert producer.deletions == 0, "the deleter ran although the import was refused"
    # The caller still owns it: a second attempt without demands must work.
    runtime.decref(take(runtime, producer))
    deleted_once(producer)


@clause("TENSOR-OWN-07")
@given(kind=kinds, demand=DEMANDS)
def test_refused_struct_is_only_read(runtime: Runtime, kind: Kind, demand: str) -> None:
    producer, before = refused(runtime, kind, demand)
    if producer.deletions == 0:  # else that is what another check tells
        assert producer.snapshot() == before, "the struct of a refused tensor was changed"


@clause("TENSOR-OWN-03")
@given(kind=kinds)
def test_deleter_may_be_null(runtime: Runtime, kind: Kind) -> None:
    producer = produce(runtime, Spec(), kind, deleter=False)
    runtime.decref(take(runtime, producer))
    assert producer.deletions == 0
    native.cts_dlpack_discard(producer.managed)


@clause("TENSOR-OWN-04")
@given(kind=kinds, weak=st.integers(1, 4))
def test_weak_references_do_not_keep_the_data(runtime: Runtime, kind: Kind, weak: int) -> None:
    tensor, producer = tensor_from(runtime, kind=kind)
    for _ in range(weak):
        runtime.helper("cts_weak_incref", tensor)
    assert producer.deletions == 0
    runtime.decref(tensor)
    deleted_once(producer)
    for _ in range(weak):
        runtime.helper("cts_weak_decref", tensor)
    deleted_once_at_most(producer)


def deleted_once_at_most(producer: Producer) -> None:
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times in the end"


@clause("TENSOR-OWN-05")
@given(spec=specs(null_strides=True), kind=kinds)
@example(spec=Spec(shape=(2, 3), strides=None), kind="legacy")
@example(spec=Spec(shape=(), strides=None), kind="versioned")
def test_struct_of_the_producer_is_only_read(runtime: Runtime, spec: Spec, kind: Kind) -> None:
    producer = produce(runtime, spec, kind)
    before = producer.snapshot()
    tensor = take(runtime, producer)
    assert producer.snapshot() == before, "the import wrote into the producer's struct"
    runtime.decref(tensor)


@clause("TENSOR-OWN-06")
@given(
    rounds=st.lists(
        st.tuples(kinds, st.sampled_from([0, 4096]), st.booleans()), min_size=1, max_size=20
    )
)
def test_every_producer_is_deleted_or_left_alone(
    runtime: Runtime, rounds: list[tuple[Kind, int, bool]]
) -> None:
    alive = []
    for kind, alignment, contiguous in rounds:
        producer = produce(runtime, Spec(strides=(9, 1), data=8), kind)
        code, tensor = try_import(
            runtime, producer.managed, kind, alignment=alignment, contiguous=int(contiguous)
        )
        accepted = not alignment and not contiguous
        assert (code == 0) == accepted
        if accepted:
            alive.append((tensor, producer))
        else:
            runtime.decref(runtime.take_raised())
            take_back(runtime, producer)
    for tensor, producer in alive:
        assert producer.deletions == 0
        runtime.decref(tensor)
        deleted_once(producer)
    assert math.prod(producer.deletions for _, producer in alive) == 1
