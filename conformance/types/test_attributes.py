# SPDX-License-Identifier: Apache-2.0
"""TVMFFITypeRegisterAttr and TVMFFIGetTypeAttrColumn."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, values
from ffi_cts.checks.names import ODD, texts
from ffi_cts.checks.texts import NEAR, one_byte_apart, overwrite
from ffi_cts.checks.types import (
    OBJECT,
    allocate,
    attribute,
    column_of,
    entry_of,
    fresh,
    set_attribute,
)
from ffi_cts.checks.values import INDEX, integer, object_view, raw

TAILS = st.one_of(ODD, texts(16))
STATIC = st.sampled_from([INDEX["Int"], INDEX["Object"], INDEX["Str"], INDEX["Tensor"]])


@clause("TYPE-ATTR-01")
@given(tail=TAILS)
@example(tail=b"")
def test_unknown_attribute_has_no_column(runtime: Runtime, tail: bytes) -> None:
    column = runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(fresh(tail)))
    assert column == NULL, "TVMFFIGetTypeAttrColumn of an unknown name is not NULL"


@clause("TYPE-ATTR-02")
@given(index=STATIC, tail=TAILS, number=st.integers(-(2**63), 2**63 - 1))
@example(index=INDEX["Object"], tail=b"", number=-1)
def test_value_is_found_under_its_type(
    runtime: Runtime, index: int, tail: bytes, number: int
) -> None:
    name = fresh(tail)
    set_attribute(runtime, index, name, integer(number))
    dynamic = allocate(runtime, fresh())
    set_attribute(runtime, dynamic, name, integer(7))
    assert attribute(runtime, index, name) == raw(integer(number))
    assert attribute(runtime, dynamic, name) == raw(integer(7))


@clause("TYPE-ATTR-02")
@given(tail=TAILS)
@example(tail=b"")
def test_unknown_attribute_is_found_once_it_is_registered(runtime: Runtime, tail: bytes) -> None:
    name = fresh(tail)
    for _ in range(2):
        assert runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(name)) == NULL
    set_attribute(runtime, OBJECT, name, integer(1))
    assert attribute(runtime, OBJECT, name) == raw(integer(1))


@clause("TYPE-ATTR-02")
@given(size=st.integers(1, 40))
@example(size=8)
def test_memory_of_a_name_may_hold_another_one(runtime: Runtime, size: int) -> None:
    prefix = fresh()
    names = [prefix + letter * size for letter in (b"a", b"b")]
    array = runtime.byte_array(names[0])
    for number, name in enumerate(names):
        overwrite(array, name)
        code = runtime.TVMFFITypeRegisterAttr(OBJECT, array, integer(number))
        runtime.ok(code, "TVMFFITypeRegisterAttr")
    for number in (0, 1, 0):
        overwrite(array, names[number])
        column = runtime.TVMFFIGetTypeAttrColumn(array)
        assert column != NULL, "an attribute is not found where the name of another one was"
        found = raw(ffi.addressof(column.data, OBJECT - column.begin_index))
        assert found == raw(integer(number)), "a name leads to the one that was there before"


@clause("TYPE-ATTR-03")
@given(index=STATIC)
@example(index=INDEX["Str"])
def test_other_types_have_no_value(runtime: Runtime, index: int) -> None:
    name = fresh()
    below, above = allocate(runtime, fresh()), allocate(runtime, fresh())
    set_attribute(runtime, index, name, integer(1))
    set_attribute(runtime, above, name, integer(2))
    for other in (INDEX["Float"], INDEX["Bytes"], below):
        found = attribute(runtime, other, name)
        assert found is None, f"{values.name(other)} has an attribute that it was not given"


@clause("TYPE-ATTR-04")
def test_children_do_not_inherit(runtime: Runtime) -> None:
    name = fresh()
    parent = allocate(runtime, fresh())
    child = allocate(runtime, fresh(), parent, 2)
    later = allocate(runtime, fresh(), parent, 2)
    for index in (OBJECT, parent, later):
        set_attribute(runtime, index, name, integer(index))
    assert attribute(runtime, child, name) is None, "a type inherited an attribute"


@clause("TYPE-ATTR-05")
@given(strings=st.booleans())
@example(strings=False)
def test_column_owns_its_objects(runtime: Runtime, strings: bool) -> None:
    name = fresh()
    obj, deletions = runtime.foreign(INDEX["Str"] if strings else INDEX["Object"])
    set_attribute(runtime, OBJECT, name, object_view(obj))
    runtime.decref(obj)
    assert deletions.calls == 0, "a type attribute died with the reference of its registrar"
    assert attribute(runtime, OBJECT, name) == raw(object_view(obj))


@clause("TYPE-ATTR-06")
@given(tail=TAILS, more=texts(4, min_size=1))
@example(tail=b"name", more=b"\0")
@example(tail=b"name", more=b"s")
def test_names_are_compared_over_their_whole_size(
    runtime: Runtime, tail: bytes, more: bytes
) -> None:
    name = fresh(tail)
    set_attribute(runtime, OBJECT, name, integer(1))
    assert runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(name + more)) == NULL
    set_attribute(runtime, OBJECT, name + more, integer(2))
    assert attribute(runtime, OBJECT, name) == raw(integer(1))
    assert attribute(runtime, OBJECT, name + more) == raw(integer(2))


@clause("TYPE-ATTR-06")
@given(names=NEAR)
@example(names=(b"CaSe", b"Case"))
@example(names=one_byte_apart(100, 50))
@example(names=one_byte_apart(5000, 4000))
def test_names_that_differ_in_one_byte_are_two(
    runtime: Runtime, names: tuple[bytes, bytes]
) -> None:
    prefix = fresh()
    one, other = (prefix + name for name in names)
    set_attribute(runtime, OBJECT, one, integer(1))
    assert runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(other)) == NULL, (
        f"{other!r} was found, {one!r} was registered"
    )
    set_attribute(runtime, OBJECT, other, integer(2))
    assert attribute(runtime, OBJECT, one) == raw(integer(1))
    assert attribute(runtime, OBJECT, other) == raw(integer(2))


@clause("TYPE-ATTR-07")
def test_name_is_copied(runtime: Runtime) -> None:
    name = fresh(b"copied")
    array = runtime.byte_array(name)
    runtime.ok(runtime.TVMFFITypeRegisterAttr(OBJECT, array, integer(1)), "TVMFFITypeRegisterAttr")
    ffi.memmove(ffi.cast("char*", array.data), b"#" * len(name), len(name))
    assert attribute(runtime, OBJECT, name) == raw(integer(1))
    assert runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(b"#" * len(name))) == NULL


@clause("TYPE-ATTR-08")
@given(others=st.integers(1, 8))
@example(others=1)
@example(others=100)
def test_column_stays_that_of_its_name(runtime: Runtime, others: int) -> None:
    name = fresh(b"first")
    set_attribute(runtime, OBJECT, name, integer(1))
    column = column_of(runtime, name)
    for number in range(others):
        other = fresh()
        set_attribute(runtime, OBJECT, other, integer(2 + number))
        assert entry_of(column_of(runtime, other), OBJECT) == raw(integer(2 + number))
    assert entry_of(column, OBJECT) == raw(integer(1)), (
        f"a column looked up before {others} others has something else now"
    )
