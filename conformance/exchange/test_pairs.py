# SPDX-License-Identifier: Apache-2.0
"""Two libraries, one of which hands a tensor to the other."""

from typing import Any

import pytest
from hypothesis import example, given

from ffi_cts.checks.exchange.adapter import Exchanger, Impossible
from ffi_cts.checks.exchange.asking import collect, expect_same, make, said, unsupported
from ffi_cts.checks.exchange.tensors import Tensor, made
from ffi_cts.engine.context import Nonconformance, current
from ffi_cts.engine.marks import clause

PLAIN = Tensor("float32", (3, 4))
OTHER = Tensor("float32", (4, 3))


def handed(producer: Exchanger, consumer: Exchanger, array: Any) -> Any:
    """What the consumer makes of an array; another clause judges whether it takes one."""
    try:
        return consumer.consume(array)
    except Exception as error:  # noqa: BLE001 (any will do)
        unsupported(f"{consumer.name} refuses what {producer.name} exports: {said(error)}")


@clause("EXCH-PAIR-01")
@given(tensor=made)
@example(tensor=PLAIN)
@example(tensor=Tensor("float32", ()))
@example(tensor=Tensor("int64", (5,)))
def test_array_is_the_same_there(producer: Exchanger, consumer: Exchanger, tensor: Tensor) -> None:
    if f"consumer:{tensor.dtype}" not in current().subject.features:
        unsupported(f"{consumer.name} has no {tensor.dtype}")
    array = make(producer, tensor)
    expect_same(consumer, handed(producer, consumer, array), tensor)


@clause("EXCH-PAIR-05")
def test_array_is_taken(producer: Exchanger, consumer: Exchanger) -> None:
    array = make(producer, PLAIN)
    try:
        consumer.consume(array)
    except Exception as error:
        raise Nonconformance(
            f"{consumer.name} refuses what {producer.name} exports: {said(error)}"
        ) from error


@clause("EXCH-PAIR-02")
def test_elements_outlive_the_producer(producer: Exchanger, consumer: Exchanger) -> None:
    array = make(producer, PLAIN)
    there = handed(producer, consumer, array)
    del array
    collect()
    # Memory that was freed too early goes to one of these, and then holds something else.
    others = [make(producer, OTHER) for _ in range(8)]
    expect_same(consumer, there, PLAIN)
    assert len(others) == 8


@clause("EXCH-PAIR-03")
@pytest.mark.parametrize("order", ["first", "last"])
def test_there_and_back_again(producer: Exchanger, consumer: Exchanger, order: str) -> None:
    array = make(producer, PLAIN)
    there = handed(producer, consumer, array)
    try:
        back = producer.consume(there)
    except Exception as error:  # noqa: BLE001 (the other cell judges that)
        unsupported(f"{producer.name} does not take it back: {said(error)}")
    held = [array, there]
    del array, there
    while held:
        held.pop(0 if order == "first" else -1)
        collect()
    expect_same(producer, back, PLAIN)


@clause("EXCH-PAIR-04")
@pytest.mark.parametrize("writer", ["producer", "consumer"])
def test_shared_memory_shows_what_is_written(
    producer: Exchanger, consumer: Exchanger, writer: str
) -> None:
    array = make(producer, PLAIN)
    there = handed(producer, consumer, array)
    if producer.look(array).address != consumer.look(there).address:
        unsupported(f"{consumer.name} has copied it")
    changed = bytes(range(len(PLAIN.elements())))
    try:
        if writer == "producer":
            producer.write(array, changed)
        else:
            consumer.write(there, changed)
    except Impossible as why:
        unsupported(str(why))
    for library, view in ((producer, array), (consumer, there)):
        assert library.elements(view) == changed, f"{library.name} does not see what is written"
