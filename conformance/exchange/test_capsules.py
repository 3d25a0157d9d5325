# SPDX-License-Identifier: Apache-2.0
"""What a producer hands out: the capsule and the struct in it."""

import pytest
from hypothesis import example, given

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.asking import export, make, said, unsupported
from ffi_cts.checks.exchange.strict import NEWEST, Taken
from ffi_cts.checks.exchange.tensors import (
    COPIED,
    CPU,
    KNOWN_FLAGS,
    READ_ONLY,
    Tensor,
    made,
    made_strided,
    named,
)
from ffi_cts.engine.marks import clause

PLAIN = Tensor("float32", (2, 3))
SCALAR = Tensor("float32", ())
FLAT = Tensor("float32", (6,))
EMPTY = Tensor("float32", (2, 0, 3))


@clause("EXCH-CAPSULE-01", "EXCH-CAPSULE-02")
def test_capsule_has_the_name_and_the_version_of_its_struct(producer: Exchanger) -> None:
    for asked in ({}, {"max_version": (1, 0)}, {"max_version": NEWEST}):
        array = make(producer, PLAIN)
        try:
            taken = Taken(producer.export(array, **asked))
        except (TypeError, BufferError):
            continue
        if taken.versioned:
            assert taken.version[0] == 1, (
                f"asked with {asked}, it gives version {taken.version}, whose layout is not known"
            )


@clause("EXCH-STRUCT-01", "EXCH-STRUCT-02", "EXCH-STRUCT-03")
@given(tensor=made)
@example(tensor=PLAIN)
@example(tensor=SCALAR)
@example(tensor=Tensor("bool", (3,)))
def test_struct_describes_a_compact_array(producer: Exchanger, tensor: Tensor) -> None:
    expect_described(export(producer, make(producer, tensor)), tensor)


@clause("EXCH-STRUCT-01", "EXCH-STRUCT-02", "EXCH-STRUCT-03")
@given(tensor=made_strided)
@example(tensor=Tensor("float32", (3, 2), (1, 3)))
@example(tensor=Tensor("float32", (3, 2), (4, 2)))
@example(tensor=Tensor("float32", (3, 2), (0, 1)))
@example(tensor=Tensor("float32", (4,), (-1,)))
@example(tensor=Tensor("float32", (2, 3), (-3, 1)))
def test_struct_describes_a_strided_array(producer: Exchanger, tensor: Tensor) -> None:
    array = make(producer, tensor)
    try:
        taken = export(producer, array)
    except BufferError as error:
        unsupported(said(error))
        return
    expect_described(taken, tensor)


@clause("EXCH-STRUCT-01", "EXCH-STRUCT-02")
def test_struct_describes_an_array_without_elements(producer: Exchanger) -> None:
    taken = export(producer, make(producer, EMPTY))
    assert taken.seen.shape == EMPTY.shape, f"the shape is {taken.seen.shape}"
    assert taken.seen.type == EMPTY.type, f"the elements are {named(taken.seen.type)}"


@clause("EXCH-STRUCT-04")
def test_newer_tensors_have_strides(producer: Exchanger) -> None:
    taken = export(producer, make(producer, PLAIN))
    if taken.version < (1, 2):
        unsupported(f"{producer.name} exports version {taken.version}")
    assert not taken.null_strides, f"strides are NULL in a tensor of version {taken.version}"


@clause("EXCH-STRUCT-05")
def test_data_of_an_array_without_elements_is_null(producer: Exchanger) -> None:
    taken = export(producer, make(producer, EMPTY))
    assert taken.data == 0, f"data is {taken.data:#x}"


@clause("EXCH-STRUCT-06")
def test_device_is_main_memory(producer: Exchanger) -> None:
    array = make(producer, PLAIN)
    told = producer.device(array)
    assert tuple(told) == CPU, f"__dlpack_device__() gives {told!r}"
    taken = export(producer, array)
    assert taken.device == CPU, f"the capsule says device {taken.device}"


@clause("EXCH-FLAGS-01")
@pytest.mark.parametrize("tensor", [PLAIN, FLAT], ids=["rows", "flat"])
def test_array_that_is_read_only_is_handed_out_as_such(producer: Exchanger, tensor: Tensor) -> None:
    try:
        taken = export(producer, make(producer, tensor, readonly=True))
    except BufferError as error:
        unsupported(f"{producer.name} does not hand it out: {said(error)}")
        return
    if not taken.versioned:
        unsupported(f"{producer.name} gives an unversioned capsule, which has no flags")
    assert taken.flags & READ_ONLY, f"flags are {taken.flags:#x}"


@clause("EXCH-FLAGS-02")
def test_shared_memory_is_no_copy(producer: Exchanger) -> None:
    array = make(producer, PLAIN)
    taken = export(producer, array)
    if not taken.versioned:
        unsupported(f"{producer.name} gives an unversioned capsule, which has no flags")
    if taken.seen.address == producer.look(array).address:
        assert not taken.flags & COPIED, f"flags are {taken.flags:#x}, and the memory is shared"


@clause("EXCH-FLAGS-03")
def test_unknown_flags_are_not_set(producer: Exchanger) -> None:
    taken = export(producer, make(producer, PLAIN))
    assert not taken.flags & ~KNOWN_FLAGS, f"flags are {taken.flags:#x}"


@clause("EXCH-FLAGS-04")
@pytest.mark.parametrize("tensor", [PLAIN, FLAT], ids=["rows", "flat"])
def test_read_only_array_is_not_handed_out_without_saying_so(
    producer: Exchanger, tensor: Tensor
) -> None:
    if not producer.methods:
        unsupported(f"{producer.name} does not choose the kind of capsule")
    array = make(producer, tensor, readonly=True)
    try:
        taken = Taken(producer.export(array))
    except Exception:  # noqa: BLE001 (refused, whatever for)
        return
    shared = taken.seen.address == producer.look(array).address
    assert taken.versioned or not shared, "an unversioned capsule shares memory that is read-only"


def expect_described(taken: Taken, tensor: Tensor) -> None:
    """Fail unless the struct describes ``tensor`` to the bit."""
    seen = taken.seen
    assert seen.shape == tensor.shape, f"the shape is {seen.shape}"
    assert seen.type == tensor.type, f"the elements are {named(seen.type)}"
    found, due = taken.elements(), tensor.elements()
    assert found == due, (
        f"by data, byte_offset {taken.byte_offset} and strides {seen.strides} the elements are "
        f"{found.hex()}, those of the array {due.hex()}"
    )
