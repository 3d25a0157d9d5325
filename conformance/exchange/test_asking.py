# SPDX-License-Identifier: Apache-2.0
"""How a consumer asks a producer for its tensor."""

from typing import Any

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import accepted, consumed, expect_same, said, unsupported
from ffi_cts.checks.exchange.strict import OldSource, Source, Ways
from ffi_cts.checks.exchange.tensors import Tensor
from ffi_cts.engine.context import Nonconformance
from ffi_cts.engine.marks import clause

PLAIN = Tensor("float32", (3, 4))


class Refusing(Source):
    """Has nothing to give."""

    def __dlpack__(self, **asked: Any) -> Any:
        raise BufferError("these elements can't be exported")


def own_methods(consumer: Exchanger) -> None:
    if not (consumer.methods and consumer.asks):
        unsupported(f"{consumer.name} has no from_dlpack")


@clause("EXCH-ASK-01")
def test_newest_version_is_named(consumer: Exchanger) -> None:
    own_methods(consumer)
    source = Source(PLAIN)
    consumed(source, consumer)
    versions = [asked.get("max_version") for asked in source.asked]
    assert any(version is not None and version[0] >= 1 for version in versions), (
        f"__dlpack__ was called with {source.asked}"
    )


@clause("EXCH-ASK-02")
def test_older_producers_are_asked_as_they_understand_it(consumer: Exchanger) -> None:
    own_methods(consumer)
    expect_same(consumer, accepted(consumer, OldSource(PLAIN)), PLAIN)


@clause("EXCH-ASK-03")
def test_no_stream_is_named_in_main_memory(consumer: Exchanger) -> None:
    own_methods(consumer)
    source = Source(PLAIN)
    consumed(source, consumer)
    streams = [asked["stream"] for asked in source.asked if asked.get("stream") is not None]
    assert not streams, f"stream={streams[0]} is asked of a tensor in main memory"


@clause("EXCH-ASK-04")
def test_what_the_producer_raises_is_passed_on(consumer: Exchanger) -> None:
    own_methods(consumer)
    try:
        array = consumer.consume(Refusing(PLAIN))
    except BufferError:
        return
    except Exception as error:
        raise Nonconformance(f"the producer's BufferError becomes {said(error)}") from error
    raise Nonconformance(f"a producer that raises gives {array!r}")


@clause("EXCH-ASK-05")
def test_copy_has_memory_of_its_own(consumer: Exchanger) -> None:
    own_methods(consumer)
    source = Source(PLAIN, Ways(at_start=True))
    try:
        array = consumer.consume(source, copy=True)
    except Exception as error:  # noqa: BLE001 (it may not have the keyword)
        unsupported(f"{consumer.name} refuses copy=True: {said(error)}")
        return
    expect_same(consumer, array, PLAIN)
    told = any(asked.get("copy") for asked in source.asked)
    assert told or consumer.look(array).address != source.address, "the memory is shared"


@clause("EXCH-ASK-06")
def test_without_copy_the_memory_is_shared(consumer: Exchanger) -> None:
    own_methods(consumer)
    source = Source(PLAIN, Ways(at_start=True))
    try:
        array = consumer.consume(source, copy=False)
    except Exception as error:  # noqa: BLE001 (it may not have the keyword)
        unsupported(f"{consumer.name} refuses copy=False: {said(error)}")
        return
    assert consumer.look(array).address == source.address, "the memory is another"
