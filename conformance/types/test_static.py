# SPDX-License-Identifier: Apache-2.0
"""The types that every implementation has: TVMFFITypeKeyToIndex and TVMFFIGetTypeInfo."""

from collections.abc import Iterable

import pytest

from ffi_cts.abi import load
from ffi_cts.checks import Runtime, clause
from ffi_cts.checks.types import OBJECT, key_to_index, type_facts
from ffi_cts.checks.values import INDEX, name

KEYS = {value.value: value.key for value in load().abi.enum("TVMFFITypeIndex").values if value.key}
NAMES = {
    value.value: value.name
    for value in load().abi.enum("TVMFFITypeIndex").values
    if value.key and value.since == "0.1.0"
}
_MADE = {INDEX[kind] for kind in ("Object", "Str", "Bytes", "Error", "Function", "Tensor")}
MADE = [index for index in NAMES if index in _MADE]
"""Types whose objects C functions make."""
OTHER = [index for index in NAMES if index not in _MADE]


def each(indices: Iterable[int]) -> pytest.MarkDecorator:
    """The check once for each index."""
    chosen = list(indices)
    return pytest.mark.parametrize("index", chosen, ids=[NAMES[index] for index in chosen])


def key_agrees(runtime: Runtime, index: int) -> None:
    found = key_to_index(runtime, KEYS[index].encode())
    assert found == index, f"{KEYS[index]!r} has the index {name(found)}, not {name(index)}"


def information_agrees(runtime: Runtime, index: int) -> None:
    facts = type_facts(runtime, index)
    assert facts.index == index, f"the information for {name(index)} is of {name(facts.index)}"
    assert facts.key == KEYS[index].encode()


def descends(runtime: Runtime, index: int) -> None:
    facts = type_facts(runtime, index)
    assert facts.depth >= 1, f"{name(index)} has no parent"
    assert facts.ancestors[0] == OBJECT, f"the root of {name(index)} is {name(facts.ancestors[0])}"
    for level, ancestor in enumerate(facts.ancestors):
        assert type_facts(runtime, ancestor).depth == level


def is_registered(runtime: Runtime, index: int) -> None:
    """The type is known under its key and under its index, and both agree."""
    found = key_to_index(runtime, KEYS[index].encode())
    assert found == index, f"{KEYS[index]!r} has the index {name(found)}, not {name(index)}"
    facts = type_facts(runtime, index)
    assert (facts.index, facts.key) == (index, KEYS[index].encode())


@clause("TYPE-STATIC-01")
@each(MADE)
def test_key_leads_to_the_index(runtime: Runtime, index: int) -> None:
    key_agrees(runtime, index)


@clause("TYPE-STATIC-02")
@each(MADE)
def test_information_has_index_and_key(runtime: Runtime, index: int) -> None:
    information_agrees(runtime, index)


@clause("TYPE-STATIC-03")
@each(index for index in MADE if index != OBJECT)
def test_objects_descend_from_object(runtime: Runtime, index: int) -> None:
    descends(runtime, index)


@clause("TYPE-STATIC-10")
@each(OTHER)
def test_other_key_leads_to_the_index(runtime: Runtime, index: int) -> None:
    key_agrees(runtime, index)


@clause("TYPE-STATIC-11")
@each(OTHER)
def test_other_information_has_index_and_key(runtime: Runtime, index: int) -> None:
    information_agrees(runtime, index)


@clause("TYPE-STATIC-12")
@each(index for index in OTHER if index > OBJECT)
def test_other_objects_descend_from_object(runtime: Runtime, index: int) -> None:
    descends(runtime, index)


@clause("TYPE-STATIC-04")
def test_object_is_a_root(runtime: Runtime) -> None:
    assert type_facts(runtime, OBJECT).depth == 0, "ffi.Object has a parent"


@clause("TYPE-STATIC-05")
def test_list_is_registered(runtime: Runtime) -> None:
    is_registered(runtime, INDEX["List"])


@clause("TYPE-STATIC-06")
def test_dict_is_registered(runtime: Runtime) -> None:
    is_registered(runtime, INDEX["Dict"])


@clause("TYPE-STATIC-07")
def test_visit_interrupt_is_registered(runtime: Runtime) -> None:
    is_registered(runtime, INDEX["VisitInterrupt"])


@clause("TYPE-STATIC-08")
def test_big_int_is_registered(runtime: Runtime) -> None:
    is_registered(runtime, INDEX["BigInt"])


@clause("TYPE-STATIC-09")
def test_unchanged_is_registered(runtime: Runtime) -> None:
    is_registered(runtime, INDEX["Unchanged"])
