# SPDX-License-Identifier: Apache-2.0
"""Layout of the ABI's structs, computed from their C types for a pointer width."""

from __future__ import annotations

import attrs

from ffi_cts.abi.model import Abi, Field, Struct

_PLAIN = {
    "char": 1,
    "uint8_t": 1,
    "uint16_t": 2,
    "int32_t": 4,
    "uint32_t": 4,
    "int64_t": 8,
    "uint64_t": 8,
    "double": 8,
}


@attrs.frozen
class Layout:
    """Size, alignment and field offsets in bytes; union members appear under their own names."""

    size: int
    alignment: int
    offsets: dict[str, int]


def _round_up(value: int, alignment: int) -> int:
    return (value + alignment - 1) // alignment * alignment


class LayoutEngine:
    """Natural alignment as the platform ABIs of all supported targets do it.

    Args:
        abi: the types.
        pointer_width: bytes of a pointer and of size_t.
        int64_alignment: bytes; 4 on i386, 8 elsewhere.
    """

    def __init__(self, abi: Abi, pointer_width: int = 8, int64_alignment: int = 8) -> None:
        self._structs = {s.name: s for s in abi.structs}
        self._typedefs = {t.name: t.type for t in abi.typedefs}
        self._enums = {e.name for e in abi.enums}
        self._pointer = pointer_width
        self._int64_alignment = int64_alignment

    def type_of(self, ctype: str) -> tuple[int, int]:
        """(size, alignment) of a C type in bytes."""
        ctype = ctype.strip()
        if ctype.endswith("]"):
            element, count = ctype[:-1].split("[")
            size, alignment = self.type_of(element)
            return size * int(count), alignment
        if "(*)" in ctype or ctype.endswith("*") or ctype == "size_t":
            return self._pointer, self._pointer
        if ctype in self._typedefs:
            return self.type_of(self._typedefs[ctype])
        if ctype in self._enums:
            return 4, 4
        if ctype in self._structs:
            layout = self.layout(self._structs[ctype])
            return layout.size, layout.alignment
        size = _PLAIN[ctype]
        return size, min(size, self._int64_alignment) if size == 8 else size

    def layout(self, struct: Struct) -> Layout:
        """Layout of ``struct``. Raises KeyError for a C type that the spec doesn't know."""
        offset, alignment, offsets = 0, 1, {}
        for field in struct.fields:
            size, field_alignment = self._field(field)
            offset = _round_up(offset, field_alignment)
            for name in [m.name for m in field.union] or [field.name]:
                offsets[name] = offset
            offset += size
            alignment = max(alignment, field_alignment)
        return Layout(_round_up(offset, alignment), alignment, offsets)

    def _field(self, field: Field) -> tuple[int, int]:
        if not field.union:
            return self.type_of(field.type)
        members = [self.type_of(member.type) for member in field.union]
        alignment = max(a for _, a in members)
        return _round_up(max(s for s, _ in members), alignment), alignment
