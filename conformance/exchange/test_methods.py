# SPDX-License-Identifier: Apache-2.0
"""The keywords of a producer's ``__dlpack__``."""

import pytest

from ffi_cts.checks.exchange import capsules
from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import export, make, said, unsupported
from ffi_cts.checks.exchange.strict import NEWEST, Taken
from ffi_cts.checks.exchange.tensors import COPIED, CPU, Tensor
from ffi_cts.engine.context import Nonconformance
from ffi_cts.engine.marks import clause

PLAIN = Tensor("float32", (3, 4))
UNKNOWN_DEVICE = (16, 0)
"""kDLHexagon: nothing that is judged here runs there."""


def own_methods(producer: Exchanger) -> None:
    if not producer.methods:
        unsupported(f"{producer.name} has no methods of the Python protocol")


@clause("EXCH-ASKED-01")
@pytest.mark.parametrize("version", [(1, 0), (1, 1), NEWEST, (1, 99)], ids=str)
def test_newer_versions_are_answered_by_the_versioned_struct(
    producer: Exchanger, version: tuple[int, int]
) -> None:
    capsule = producer.export(make(producer, PLAIN), max_version=version)
    assert capsules.is_versioned(capsule), (
        f"max_version={version} is answered with a capsule called {capsules.name(capsule)!r}"
    )


@clause("EXCH-ASKED-02")
@pytest.mark.parametrize("version", [None, (0, 8), (0, 6)], ids=str)
def test_older_versions_are_answered_by_the_unversioned_struct(
    producer: Exchanger, version: tuple[int, int] | None
) -> None:
    array = make(producer, PLAIN)
    asked = {} if version is None else {"max_version": version}
    try:
        capsule = producer.export(array, **asked)
    except BufferError:
        return
    except Exception as error:
        raise Nonconformance(f"max_version={version} is answered with {said(error)}") from error
    assert not capsules.is_versioned(capsule), "the capsule is versioned"


def copied(producer: Exchanger, array: object, **asked: object) -> Taken:
    """The answer to copy=True; unsupported where it is refused, which other clauses judge."""
    own_methods(producer)
    try:
        return export(producer, array, copy=True, **asked)
    except BufferError as error:
        unsupported(f"{producer.name} refuses copy=True: {said(error)}")
        raise


@clause("EXCH-COPY-01")
@pytest.mark.parametrize("version", [None, NEWEST], ids=str)
def test_copy_has_memory_of_its_own(producer: Exchanger, version: tuple[int, int] | None) -> None:
    array = make(producer, PLAIN)
    taken = copied(producer, array, max_version=version)
    assert taken.elements() == PLAIN.elements(), "the copy has other elements"
    assert taken.seen.address != producer.look(array).address, "the copy shares the memory"


@clause("EXCH-COPY-02")
def test_copy_says_that_it_is_one(producer: Exchanger) -> None:
    array = make(producer, PLAIN)
    taken = copied(producer, array)
    if not taken.versioned:
        unsupported(f"{producer.name} gives an unversioned capsule, which has no flags")
    if taken.seen.address != producer.look(array).address:
        assert taken.flags & COPIED, f"flags are {taken.flags:#x}"


@clause("EXCH-COPY-03")
@pytest.mark.parametrize("version", [None, NEWEST], ids=str)
def test_without_copy_the_memory_is_shared(
    producer: Exchanger, version: tuple[int, int] | None
) -> None:
    own_methods(producer)
    array = make(producer, PLAIN)
    try:
        taken = export(producer, array, copy=False, max_version=version)
    except BufferError:
        return
    assert taken.seen.address == producer.look(array).address, "the memory is another"


@clause("EXCH-COPY-04")
def test_copy_is_made(producer: Exchanger) -> None:
    own_methods(producer)
    try:
        export(producer, make(producer, PLAIN), copy=True)
    except BufferError as error:
        raise Nonconformance(f"copy=True is answered with {said(error)}") from error


@clause("EXCH-STREAM-01")
@pytest.mark.parametrize("stream", [1, 2], ids=str)
def test_stream_is_refused_in_main_memory(producer: Exchanger, stream: int) -> None:
    own_methods(producer)
    array = make(producer, PLAIN)
    try:
        producer.export(array, stream=stream)
    except Exception:  # noqa: BLE001 (no text says which)
        return
    raise Nonconformance(f"stream={stream} is accepted for an array in main memory")


@clause("EXCH-DEVICE-01")
@pytest.mark.parametrize("version", [None, NEWEST], ids=str)
def test_unknown_device_is_refused(producer: Exchanger, version: tuple[int, int] | None) -> None:
    own_methods(producer)
    array = make(producer, PLAIN)
    try:
        taken = export(producer, array, dl_device=UNKNOWN_DEVICE, max_version=version)
    except BufferError:
        return
    except Exception as error:
        raise Nonconformance(
            f"dl_device={UNKNOWN_DEVICE} is answered with {said(error)}"
        ) from error
    raise Nonconformance(f"dl_device={UNKNOWN_DEVICE} gives a capsule for device {taken.device}")


@clause("EXCH-DEVICE-02")
@pytest.mark.parametrize("version", [None, NEWEST], ids=str)
def test_main_memory_may_be_asked_for(producer: Exchanger, version: tuple[int, int] | None) -> None:
    own_methods(producer)
    array = make(producer, PLAIN)
    try:
        taken = export(producer, array, dl_device=CPU, max_version=version)
    except Exception as error:
        raise Nonconformance(f"dl_device={CPU} is answered with {said(error)}") from error
    assert taken.device == CPU, f"the capsule says device {taken.device}"
