# SPDX-License-Identifier: Apache-2.0
"""TVMFFITypeGetOrAllocIndex: types that are registered at run time."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi
from ffi_cts.checks.names import texts
from ffi_cts.checks.texts import NEAR, one_byte_apart
from ffi_cts.checks.types import (
    FIRST_DYNAMIC,
    OBJECT,
    QUERY_ONLY,
    allocate,
    chain,
    fresh,
    key_to_index,
    registers_static,
    type_facts,
    type_info,
)
from ffi_cts.checks.values import INDEX, name

SLOTS = st.integers(0, 8)


@clause("TYPE-ALLOC-01")
@given(tail=texts(16), asks=st.integers(2, 5), slots=SLOTS)
@example(tail=b"a\0b", asks=2, slots=0)
def test_same_key_has_the_same_index(runtime: Runtime, tail: bytes, asks: int, slots: int) -> None:
    key = fresh(tail)
    indices = {allocate(runtime, key, slots=slots) for _ in range(asks)}
    assert len(indices) == 1, f"one key got the indices {sorted(indices)}"


@clause("TYPE-ALLOC-02")
@given(slots=st.lists(SLOTS, min_size=1, max_size=8))
@example(slots=[0, 0])
def test_indices_are_dynamic_and_distinct(runtime: Runtime, slots: list[int]) -> None:
    indices = [allocate(runtime, fresh(), slots=each) for each in slots]
    assert len(set(indices)) == len(indices), f"two keys share an index: {indices}"
    for index in indices:
        assert index >= FIRST_DYNAMIC, f"a dynamic type got the static index {name(index)}"


@clause("TYPE-ALLOC-03")
@given(depth=st.integers(1, 12))
@example(depth=1)
@example(depth=12)
@example(depth=40)
def test_information_tells_the_line_of_descent(runtime: Runtime, depth: int) -> None:
    line = [OBJECT, *chain(runtime, depth)]
    for level, index in enumerate(line):
        facts = type_facts(runtime, index)
        assert facts.index == index
        assert facts.depth == level, f"a type {level} below the root has depth {facts.depth}"
        assert list(facts.ancestors) == line[:level], "the ancestors are not the line of parents"


@clause("TYPE-ALLOC-04")
@given(slots=st.lists(SLOTS, min_size=1, max_size=6))
@example(slots=[0, 0])
@example(slots=[4, 3, 2, 1])
def test_child_index_is_greater_than_its_parents(runtime: Runtime, slots: list[int]) -> None:
    parent = OBJECT
    for depth, each in enumerate(slots, start=1):
        allocate(runtime, fresh())  # something unrelated in between
        index = allocate(runtime, fresh(), parent, depth, slots=each)
        assert index > parent, f"the child of type {parent} got the index {index}"
        parent = index


@clause("TYPE-ALLOC-05")
@given(tail=texts(16))
@example(tail=b"")
@example(tail=b"a\0b")
@example(tail=b"long" * 1000)
def test_index_leads_to_the_key(runtime: Runtime, tail: bytes) -> None:
    key = fresh() + tail
    assert type_facts(runtime, allocate(runtime, key)).key == key


@clause("TYPE-ALLOC-06")
@given(tail=texts(16, min_size=1))
@example(tail=b"Type")
def test_key_is_copied(runtime: Runtime, tail: bytes) -> None:
    key = fresh() + tail
    array = runtime.byte_array(key)
    index = runtime.TVMFFITypeGetOrAllocIndex(array, -1, 1, 0, 1, OBJECT)
    ffi.memmove(ffi.cast("char*", array.data), b"#" * len(key), len(key))
    assert type_facts(runtime, index).key == key, "the key changed with the caller's memory"
    assert key_to_index(runtime, key) == index


@clause("TYPE-ALLOC-07")
@given(short=st.integers(1, 9))
@example(short=1)
def test_key_ends_where_its_size_says(runtime: Runtime, short: int) -> None:
    key = fresh(b"long tail")
    whole = allocate(runtime, key)
    array = runtime.byte_array(key)
    array.size = len(key) - short
    part = runtime.TVMFFITypeGetOrAllocIndex(array, -1, 1, 0, 1, OBJECT)
    assert part != whole, "a key and its beginning have the same index"
    assert type_facts(runtime, part).key == key[: len(key) - short]
    assert type_facts(runtime, whole).key == key


@clause("TYPE-ALLOC-07")
@given(keys=NEAR)
@example(keys=(b"CaSe", b"Case"))
@example(keys=one_byte_apart(100, 50))
@example(keys=one_byte_apart(5000, 4000))
def test_keys_that_differ_in_one_byte_are_two_types(
    runtime: Runtime, keys: tuple[bytes, bytes]
) -> None:
    prefix = fresh()
    one, other = (prefix + key for key in keys)
    indices = allocate(runtime, one), allocate(runtime, other)
    assert indices[0] != indices[1], f"{one!r} and {other!r} have the same index"
    assert type_facts(runtime, indices[0]).key == one
    assert type_facts(runtime, indices[1]).key == other


@clause("TYPE-ALLOC-08")
@given(children=st.integers(1, 8), strangers=st.integers(0, 4))
@example(children=1, strangers=1)
@example(children=8, strangers=2)
def test_children_get_the_reserved_indices(runtime: Runtime, children: int, strangers: int) -> None:
    parent = allocate(runtime, fresh(), slots=children, overflow=False)
    outside = [allocate(runtime, fresh()) for _ in range(strangers)]
    inside = [allocate(runtime, fresh(), parent, 2, overflow=False) for _ in range(children)]
    reserved = range(parent + 1, parent + children + 1)
    for index in inside:
        assert index in reserved, f"child {index} of type {parent} is outside of {reserved}"
    for index in outside:
        assert index not in reserved, f"stranger {index} is within the {reserved} of {parent}"


@clause("TYPE-ALLOC-08")
@given(slots=st.lists(st.integers(0, 3), min_size=2, max_size=5))
@example(slots=[2, 0])
def test_siblings_keep_out_of_each_others_slots(runtime: Runtime, slots: list[int]) -> None:
    parent = allocate(runtime, fresh(), slots=sum(slots) + len(slots))
    children = [allocate(runtime, fresh(), parent, 2, slots=each) for each in slots]
    for child, reserved in zip(children, slots, strict=True):
        inside = [other for other in children if child < other <= child + reserved]
        assert not inside, f"{inside} lie among the {reserved} slots of their sibling {child}"


@clause("TYPE-ALLOC-09")
@given(children=st.integers(1, 6))
@example(children=4)
def test_children_may_overflow_where_allowed(runtime: Runtime, children: int) -> None:
    slots = children // 2
    parent = allocate(runtime, fresh(), slots=slots)
    indices = [allocate(runtime, fresh(), parent, 2) for _ in range(children)]
    assert len({parent, *indices}) == children + 1
    for index in indices:
        assert index > parent
        assert type_facts(runtime, index).ancestors == (OBJECT, parent)


@clause("TYPE-ALLOC-10")
@given(key=st.sampled_from(["Object", "Str", "Error", "Function", "Tensor"]))
@example(key="Str")
def test_static_type_keeps_its_index(runtime: Runtime, key: str) -> None:
    index = INDEX[key]
    facts = type_facts(runtime, index)
    parent = facts.ancestors[-1] if facts.ancestors else -1
    again = allocate(runtime, facts.key, parent, facts.depth, static=index)
    assert again == index, f"{facts.key!r} got the index {name(again)}"
    assert type_facts(runtime, index) == facts


@clause("TYPE-ALLOC-11")
@given(tail=texts(16))
@example(tail=b"")
def test_query_of_an_unknown_key_registers_nothing(runtime: Runtime, tail: bytes) -> None:
    key = fresh(tail)
    for _ in range(2):
        found = runtime.TVMFFITypeGetOrAllocIndex(runtime.byte_array(key), -1, 0, 0, 0, QUERY_ONLY)
        assert found == QUERY_ONLY, f"a query of an unknown type key returned {found}, not -2"
    code = runtime.TVMFFITypeKeyToIndex(runtime.byte_array(key), ffi.new("int32_t*"))
    runtime.decref(runtime.refused(code, "TVMFFITypeKeyToIndex of a key that was only queried"))


@clause("TYPE-ALLOC-12")
@given(tail=texts(16))
@example(tail=b"")
def test_query_of_a_known_key_gives_its_index(runtime: Runtime, tail: bytes) -> None:
    key = fresh(tail)
    index = allocate(runtime, key)
    for each, expected in ((key, index), (b"ffi.String", INDEX["Str"])):
        found = runtime.TVMFFITypeGetOrAllocIndex(runtime.byte_array(each), -1, 0, 0, 0, QUERY_ONLY)
        assert found == expected, f"a query of {each!r} returned {found}, not {expected}"


@clause("TYPE-ALLOC-13")
def test_root_with_a_dynamic_index_does_not_end_the_process(runtime: Runtime) -> None:
    runtime.TVMFFITypeGetOrAllocIndex(runtime.byte_array(fresh()), -1, 0, 0, 1, -1)


def _keeps(runtime: Runtime, keys: dict[int, bytes]) -> None:
    """Fail the check unless each index still belongs to the type with that key."""
    for index, key in keys.items():
        found = type_facts(runtime, index)
        assert (found.index, found.key) == (index, key), (
            f"the index {index} of {key!r} now belongs to {found.key!r}"
        )
        assert key_to_index(runtime, key) == index


@clause("TYPE-ALLOC-14")
def test_static_child_keeps_its_index(runtime: Runtime) -> None:
    # Indices that no release uses, a range for each case, as types are there for good.
    cases = ((88, 0, 0), (96, 1, 0), (104, 0, 2), (112, 2, 1))
    for base, before, slots in cases:
        keys = {base: fresh()}
        if not registers_static(runtime, keys[base], base, slots=7):
            continue  # the library has that index for a type of its own
        for _ in range(before):
            key = fresh()
            keys[allocate(runtime, key, base, 2)] = key
        place = base + before + 1
        keys[place] = fresh()
        if not registers_static(runtime, keys[place], place, base, 2, slots=slots):
            continue
        for _ in range(4):
            key = fresh()
            index = allocate(runtime, key, base, 2)
            assert index not in keys, f"{key!r} got the index {index} of {keys[index]!r}"
            assert not place < index <= place + slots, f"{index} is for children of type {place}"
            keys[index] = key
        _keeps(runtime, keys)


@clause("TYPE-ALLOC-15")
def test_slots_over_indices_in_use_take_none_away(runtime: Runtime) -> None:
    keys = {}
    for _ in range(3):
        key = fresh()
        keys[allocate(runtime, key)] = key
    base = FIRST_DYNAMIC - 1
    slots = max(keys) + 2 - base
    if not registers_static(runtime, fresh(), base, slots=slots):
        return
    for _ in range(slots):
        index = runtime.TVMFFITypeGetOrAllocIndex(runtime.byte_array(fresh()), -1, 2, 0, 1, base)
        assert index not in keys, f"a child of type {base} got the index of {keys[index]!r}"
    _keeps(runtime, keys)


@clause("TYPE-INFO-01")
@given(more=st.integers(1, 40))
@example(more=300)
def test_information_stays_in_place(runtime: Runtime, more: int) -> None:
    index = allocate(runtime, fresh())
    before = {each: type_info(runtime, each) for each in (OBJECT, INDEX["Str"], index)}
    for _ in range(more):
        allocate(runtime, fresh())
    for each, info in before.items():
        assert type_info(runtime, each) == info, f"the information on {name(each)} moved"


@clause("TYPE-INFO-02")
def test_unknown_index_does_not_end_the_process(runtime: Runtime) -> None:
    for index in (63, 127, 2**20, 2**31 - 1, -1, -(2**31)):
        runtime.TVMFFIGetTypeInfo(index)
