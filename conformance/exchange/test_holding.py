# SPDX-License-Identifier: Apache-2.0
"""How a consumer owns what it takes, and lets go of it."""

import itertools
from typing import Any

import attrs
import pytest

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import (
    accepted,
    collect,
    consumed,
    expect_same,
    tried,
    unsupported,
)
from ffi_cts.checks.exchange.strict import Source, Ways
from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.engine.context import Nonconformance
from ffi_cts.engine.marks import clause

# Memory that begins with a page: a consumer may copy what is aligned to less.
WAYS = pytest.mark.parametrize(
    "ways",
    [Ways(at_start=True), Ways(at_start=True, versioned=False)],
    ids=["versioned", "unversioned"],
)
PLAIN = Tensor("float32", (3, 4))
TENSORS = (PLAIN, Tensor("float32", ()), Tensor("float32", (6, 2), (2, 1)))


class Keeping(Source):
    """Keeps the capsules that it gives, as a caller of ``__dlpack__`` may."""

    def __init__(self, tensor: Tensor, ways: Ways) -> None:
        super().__init__(tensor, ways)
        self.capsules: list[Any] = []

    def __dlpack__(self, **asked: Any) -> Any:
        self.capsules.append(super().__dlpack__(**asked))
        return self.capsules[-1]


class Again(Keeping):
    """Gives the same capsule whenever it is asked."""

    def __dlpack__(self, **asked: Any) -> Any:
        return self.capsules[-1] if self.capsules else super().__dlpack__(**asked)


@clause("EXCH-HOLD-01")
@WAYS
def test_deleter_runs_once_when_the_array_goes(consumer: Exchanger, ways: Ways) -> None:
    for tensor, at_start in itertools.product(TENSORS, (True, False)):
        source = Source(tensor, attrs.evolve(ways, at_start=at_start))
        array = consumed(source, consumer)
        collect()
        shares = consumer.look(array).address == source.address
        early = source.deletions if shares else 0
        assert early == 0, "the deleter has run though the array shares the memory"
        expect_same(consumer, array, tensor)
        del array
        collect()
        assert source.deletions == 1, f"the deleter has run {source.deletions} times"
        source.expect_unspoiled()


@clause("EXCH-HOLD-02")
@WAYS
def test_deleter_that_is_null_is_not_called(consumer: Exchanger, ways: Ways) -> None:
    consumed(Source(PLAIN, ways), consumer)
    source = Source(PLAIN, attrs.evolve(ways, deleter=False))
    array = accepted(consumer, source)
    expect_same(consumer, array, PLAIN)
    del array
    collect()


@clause("EXCH-HOLD-03")
@WAYS
def test_capsule_is_renamed(consumer: Exchanger, ways: Ways) -> None:
    source = Keeping(PLAIN, ways)
    array = consumed(source, consumer)
    if source.deletions:
        unsupported(f"{consumer.name} has copied the tensor and let go of it")
    name = capsules.name(source.capsules[-1])
    assert name.startswith("used_"), f"the capsule is still called {name!r}"
    source.capsules.clear()
    collect()
    assert source.deletions == 0, "the capsule has called the deleter, and the array lives"
    expect_same(consumer, array, PLAIN)
    del array
    collect()
    assert source.deletions == 1, f"the deleter has run {source.deletions} times"


@clause("EXCH-HOLD-04")
@WAYS
@pytest.mark.parametrize(
    "odd",
    [
        Ways(type=(200, 32, 1)),
        Ways(type=(2, 24, 1)),
        Ways(type=(2, 32, 4)),
        Ways(device=(16, 0)),
    ],
    ids=["code", "bits", "lanes", "device"],
)
def test_refused_tensor_is_deleted_once(consumer: Exchanger, ways: Ways, odd: Ways) -> None:
    source = Source(PLAIN, attrs.evolve(odd, versioned=ways.versioned))
    array = tried(consumer, source)
    if array is not None:
        del array
        unsupported(f"{consumer.name} takes {source!r}")
    collect()
    if source.peers:
        assert source.deletions == 1, f"the deleter has run {source.deletions} times in all"


@clause("EXCH-HOLD-05")
@WAYS
def test_capsule_is_consumed_once(consumer: Exchanger, ways: Ways) -> None:
    source = Again(PLAIN, ways)
    first = consumed(source, consumer)
    if not capsules.name(source.capsules[-1]).startswith("used_"):
        unsupported("the capsule was not renamed, which another clause judges")
    try:
        second = consumer.consume(source)
    except Exception:  # noqa: BLE001 (no text says which)
        pass
    else:
        raise Nonconformance(f"a capsule that was consumed is taken again: {second!r}")
    del first
    collect()
    assert source.deletions == 1, f"the deleter has run {source.deletions} times"
