# SPDX-License-Identifier: Apache-2.0
"""The type table as the checks read and extend it."""

from __future__ import annotations

import itertools

import attrs

from ffi_cts.checks import names, values
from ffi_cts.checks.native import NULL, CData, ffi
from ffi_cts.checks.runtime import Runtime

OBJECT = values.INDEX["Object"]
FIRST_DYNAMIC = 128
QUERY_ONLY = -2

_numbers = itertools.count()


@attrs.frozen
class TypeFacts:
    """What TVMFFITypeInfo says of a type, copied; ``ancestors`` from the root down."""

    index: int
    depth: int
    key: bytes
    ancestors: tuple[int, ...]


def fresh(tail: bytes = b"") -> bytes:
    """A type key or attribute name that nothing in this process uses yet."""
    return b"ffi_cts.%d." % next(_numbers) + tail


def type_info(runtime: Runtime, index: int) -> CData:
    """The TVMFFITypeInfo* of a registered type."""
    info = runtime.TVMFFIGetTypeInfo(index)
    assert info != NULL, f"TVMFFIGetTypeInfo({values.name(index)}) is NULL"
    return info


def type_facts(runtime: Runtime, index: int) -> TypeFacts:
    """Facts about a registered type."""
    info = type_info(runtime, index)
    depth = info.type_depth
    assert 0 <= depth < 1000, f"{values.name(index)} has depth {depth}"
    assert depth == 0 or info.type_ancestors != NULL, "a type with a parent has no ancestors"
    ancestors = []
    for level in range(depth):
        above = info.type_ancestors[level]
        assert above != NULL, f"ancestor {level} of {values.name(index)} is NULL"
        ancestors.append(int(above.type_index))
    return TypeFacts(info.type_index, depth, values.content(info.type_key), tuple(ancestors))


def key_to_index(runtime: Runtime, key: bytes) -> int:
    """Index of a registered type key."""
    out = ffi.new("int32_t*", -99)
    code = runtime.TVMFFITypeKeyToIndex(runtime.byte_array(key), out)
    runtime.ok(code, f"TVMFFITypeKeyToIndex({key!r})")
    return int(out[0])


def allocate(
    runtime: Runtime,
    key: bytes,
    parent: int = OBJECT,
    depth: int = 1,
    *,
    slots: int = 0,
    overflow: bool = True,
    static: int = -1,
) -> int:
    """TVMFFITypeGetOrAllocIndex; fails the check if it gives no index."""
    index = runtime.TVMFFITypeGetOrAllocIndex(
        runtime.byte_array(key), static, depth, slots, int(overflow), parent
    )
    doing = f"TVMFFITypeGetOrAllocIndex({key!r})"
    names.accepted(runtime, min(index, 0), key, doing)
    assert index >= 0, f"{doing} returned {index}"
    return int(index)


def registers_static(
    runtime: Runtime, key: bytes, index: int, parent: int = OBJECT, depth: int = 1, *, slots: int
) -> bool:
    """Register a type under a static index; False if the library refuses that."""
    found = runtime.TVMFFITypeGetOrAllocIndex(
        runtime.byte_array(key), index, depth, slots, 1, parent
    )
    assert found < 0 or found == index, f"the static index {index} became {found}"
    return bool(found == index)


def chain(runtime: Runtime, depth: int) -> list[int]:
    """New types, each the child of the one before; the first is a child of ffi.Object."""
    indices: list[int] = []
    for level in range(1, depth + 1):
        parent = indices[-1] if indices else OBJECT
        indices.append(allocate(runtime, fresh(), parent, level))
    return indices


def set_attribute(runtime: Runtime, index: int, name: bytes, value: CData) -> None:
    """TVMFFITypeRegisterAttr with a borrowed TVMFFIAny*."""
    code = runtime.TVMFFITypeRegisterAttr(index, runtime.byte_array(name), value)
    names.accepted(runtime, code, name, "TVMFFITypeRegisterAttr")


def attribute(runtime: Runtime, index: int, name: bytes) -> bytes | None:
    """The 16 bytes of a type's attribute; None if its column has no entry for the type."""
    return entry_of(column_of(runtime, name), index)


def column_of(runtime: Runtime, name: bytes) -> CData:
    """The column of an attribute that was registered."""
    column = runtime.TVMFFIGetTypeAttrColumn(runtime.byte_array(name))
    assert column != NULL, f"TVMFFIGetTypeAttrColumn({name!r}) is NULL"
    return column


def entry_of(column: CData, index: int) -> bytes | None:
    """The 16 bytes that a column has for a type; None if it has no entry for it.

    Before 0.1.9 the column was {data, size_t size} and began at 0: its size read as two
    int32_t is the size and the beginning of today's layout.
    """
    place = index - column.begin_index
    if not 0 <= place < column.size:
        return None
    entry = values.raw(ffi.addressof(column.data, place))
    return None if entry[:4] == bytes(4) else entry
