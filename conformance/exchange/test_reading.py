# SPDX-License-Identifier: Apache-2.0
"""What a consumer sees of the tensors that the strict peer hands it."""

import attrs
import pytest
from hypothesis import example, given

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import (
    accepted,
    collect,
    consumed,
    expect_same,
    said,
    tried,
    unsupported,
)
from ffi_cts.checks.exchange.strict import Source, Ways
from ffi_cts.checks.exchange.tensors import READ_ONLY, Tensor, named, taken, taken_strided
from ffi_cts.engine.context import Nonconformance, current
from ffi_cts.engine.marks import clause

WAYS = pytest.mark.parametrize(
    "ways", [Ways(), Ways(versioned=False)], ids=["versioned", "unversioned"]
)
PLAIN = Tensor("float32", (3, 4))
EMPTY = Tensor("float32", (2, 0, 3))


def versioned(consumer: Exchanger) -> None:
    """Leave the check out where the consumer never asks for a versioned tensor."""
    source = Source(PLAIN)
    consumed(source, consumer)
    if not any("max_version" in asked for asked in source.asked):
        unsupported(f"{consumer.name} never asks for a versioned tensor")


def knows(consumer: Exchanger, ways: Ways) -> None:
    """Leave the check out where the consumer does not know the struct at all."""
    if ways.versioned:
        versioned(consumer)
    else:
        consumed(Source(PLAIN, Ways(versioned=False)), consumer)


@clause("EXCH-READ-01")
@WAYS
@given(tensor=taken)
@example(tensor=PLAIN)
@example(tensor=Tensor("float32", (3, 4), None, 64))
@example(tensor=Tensor("float32", ()))
@example(tensor=Tensor("float32", (1, 1)))
@example(tensor=Tensor("bool", (3,)))
def test_compact_tensor_is_taken_as_it_is(consumer: Exchanger, ways: Ways, tensor: Tensor) -> None:
    knows(consumer, ways)
    if f"consumer:{tensor.dtype}" not in current().subject.features:
        unsupported(f"{consumer.name} takes no {tensor.dtype}")
    source = Source(tensor, ways)
    array = accepted(consumer, source)
    expect_same(consumer, array, tensor)
    del array
    source.expect_unspoiled()


@clause("EXCH-READ-02")
@WAYS
@given(tensor=taken_strided)
@example(tensor=Tensor("float32", (3, 2), (1, 3)))
@example(tensor=Tensor("float32", (3, 2), (5, 2)))
@example(tensor=Tensor("float32", (3, 2), (0, 1)))
@example(tensor=Tensor("float32", (1, 2), (7, 1)))
def test_strided_tensor_has_the_same_elements(
    consumer: Exchanger, ways: Ways, tensor: Tensor
) -> None:
    source = Source(tensor, ways)
    array = consumed(source, consumer)
    expect_same(consumer, array, tensor)
    del array
    source.expect_unspoiled()


@clause("EXCH-READ-03")
@pytest.mark.parametrize(
    "tensor",
    [Tensor("float32", (4,), (-1,)), Tensor("float32", (2, 3), (-3, 1))],
    ids=["reversed", "rows"],
)
def test_negative_strides_are_read_right_or_refused(consumer: Exchanger, tensor: Tensor) -> None:
    source = Source(tensor)
    array = tried(consumer, source)
    if array is not None:
        expect_same(consumer, array, tensor)


@clause("EXCH-READ-04")
@pytest.mark.parametrize(
    "ways",
    [Ways(null_strides=True, version=(1, 0)), Ways(null_strides=True, versioned=False)],
    ids=["versioned", "unversioned"],
)
def test_null_strides_mean_compact(consumer: Exchanger, ways: Ways) -> None:
    knows(consumer, ways)
    for tensor in (PLAIN, Tensor("float32", (2, 1, 3)), Tensor("float32", (5,))):
        expect_same(consumer, accepted(consumer, Source(tensor, ways)), tensor)


@clause("EXCH-READ-05")
@WAYS
def test_tensor_without_elements_is_taken(consumer: Exchanger, ways: Ways) -> None:
    knows(consumer, ways)
    for tensor in (EMPTY, Tensor("float32", (0,))):
        source = Source(tensor, attrs.evolve(ways, null_data=True))
        array = accepted(consumer, source)
        shape = consumer.look(array).shape
        assert shape == tensor.shape, f"the shape is {shape}"


@clause("EXCH-READ-06")
@WAYS
@pytest.mark.parametrize("at_start", [False, True], ids=["end", "start"])
def test_nothing_beside_the_tensor_is_touched(
    consumer: Exchanger, ways: Ways, at_start: bool
) -> None:
    for tensor in (
        PLAIN,
        Tensor("float32", ()),
        Tensor("float32", (1,)),
        Tensor("float32", (3, 5)),
        Tensor("float32", (7, 3), (5, 1)),
    ):
        source = Source(tensor, attrs.evolve(ways, at_start=at_start))
        array = tried(consumer, source)
        if array is not None:
            consumer.elements(array)
            del array
        source.expect_unspoiled()


@clause("EXCH-READ-07")
@WAYS
def test_lanes_are_there_or_refused(consumer: Exchanger, ways: Ways) -> None:
    tensor = Tensor("float32", (4,), lanes=4)
    array = tried(consumer, Source(tensor, ways))
    if array is None:
        return
    seen = consumer.look(array)
    found, due = consumer.elements(array), tensor.elements()
    assert found == due, (
        f"4 elements of {named(tensor.type)} became {seen.shape} of {named(seen.type)}"
    )


@clause("EXCH-VERSION-01")
def test_other_major_version_is_refused_untouched(consumer: Exchanger) -> None:
    versioned(consumer)
    for major in (2, 3, 2**32 - 1):
        source = Source(PLAIN, Ways(version=(major, 0), hide_tensor=True))
        try:
            consumer.consume(source)
        except Exception as error:  # noqa: BLE001 (no text says which)
            refusal = said(error)
        else:
            raise Nonconformance(f"a tensor of version {major}.0 is taken")
        collect()
        assert source.deletions == 1, (
            f"after {refusal} the deleter has run {source.deletions} times, by consumer or capsule"
        )


@clause("EXCH-VERSION-02")
def test_newer_minor_version_is_taken(consumer: Exchanger) -> None:
    versioned(consumer)
    for minor in (0, 1, 2, 3, 4, 99, 2**32 - 1):
        expect_same(consumer, accepted(consumer, Source(PLAIN, Ways(version=(1, minor)))), PLAIN)


@clause("EXCH-VERSION-03")
def test_unversioned_tensor_is_taken(consumer: Exchanger) -> None:
    expect_same(consumer, accepted(consumer, Source(PLAIN, Ways(versioned=False))), PLAIN)


@clause("EXCH-READONLY-01")
def test_read_only_tensor_is_taken(consumer: Exchanger) -> None:
    versioned(consumer)
    expect_same(consumer, accepted(consumer, Source(PLAIN, Ways(flags=READ_ONLY))), PLAIN)


@clause("EXCH-READONLY-02")
def test_read_only_tensor_stays_read_only(consumer: Exchanger) -> None:
    versioned(consumer)
    source = Source(PLAIN, Ways(flags=READ_ONLY, at_start=True))
    array = consumed(source, consumer)
    seen = consumer.look(array)
    if seen.address != source.address:
        unsupported(f"{consumer.name} has copied it")
    assert seen.readonly is not False, "the array is writable"
