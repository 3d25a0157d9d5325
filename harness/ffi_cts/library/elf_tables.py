# SPDX-License-Identifier: Apache-2.0
"""Reads the tables of an ELF file, at a cost that is bounded by the file's size.

Everything in the file is a claim of a stranger: offsets, counts, and that a name ever ends.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator

from attrs import define, field, frozen

SHT_DYNSYM = 11
PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_NEEDED, DT_HASH, DT_STRTAB, DT_SYMTAB = 0, 1, 4, 5, 6
DT_STRSZ, DT_SONAME = 10, 14
DT_GNU_HASH, DT_FLAGS_1 = 0x6FFFFEF5, 0x6FFFFFFB

MAX_SECTIONS = 1 << 16
MAX_SEGMENTS = 1 << 16
MAX_SYMBOLS = 1 << 21
MAX_NAME = 1 << 16
"""Longer than any name that a compiler makes."""
_MAX_STRINGS = 1 << 28
_SHARING = 8
"""Names may share their ends, and versions of a symbol their name: this often on average."""


class Damaged(Exception):
    """What the file says of itself can't be; the text says what."""


@frozen
class _Shapes:
    """How the tables look in files of one word size, as codes of `struct`.

    Segments and symbols have their fields in another order too: these are the places of
    kind, offset, address and size, and of name, info, other and section.
    """

    header: str
    segment: str
    section: str
    symbol: str
    dynamic: str
    word: str
    segment_order: tuple[int, int, int, int]
    symbol_order: tuple[int, int, int, int]


_SHAPES = {
    64: _Shapes(
        header="16xHHIQQQIHHHHHH",
        segment="IIQQQQQQ",
        section="IIQQQQIIQQ",
        symbol="IBBHQQ",
        dynamic="qQ",
        word="Q",
        segment_order=(0, 2, 3, 5),
        symbol_order=(0, 1, 2, 3),
    ),
    32: _Shapes(
        header="16xHHIIIIIHHHHHH",
        segment="IIIIIIII",
        section="IIIIIIIIII",
        symbol="IIIBBH",
        dynamic="iI",
        word="I",
        segment_order=(0, 1, 2, 4),
        symbol_order=(0, 3, 4, 5),
    ),
}


@frozen
class Segment:
    """A part of the file as the loader sees it."""

    kind: int
    offset: int
    address: int
    size: int


@frozen
class Section:
    """A part of the file as the linker sees it."""

    kind: int
    offset: int
    size: int
    link: int
    info: int


@frozen
class Symbol:
    """An entry of the dynamic symbol table."""

    name: str
    bind: int
    visibility: int
    section: int


@define
class Names:
    """A string table. All names together may not be much longer than the table itself."""

    table: bytes
    _left: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Set the bound on what is read in all."""
        self._left = _SHARING * len(self.table) + MAX_NAME

    def at(self, offset: int) -> str:
        """The name at the offset. Raises Damaged."""
        if not 0 <= offset < len(self.table):
            raise Damaged(f"a name lies outside its string table, at byte {offset}")
        end = self.table.find(b"\0", offset, offset + MAX_NAME + 1)
        if end < 0:
            raise Damaged(f"a name at byte {offset} of its string table never ends")
        self._left -= end - offset
        if self._left < 0:
            raise Damaged("its names together are much longer than its string table")
        return self.table[offset:end].decode("utf-8", "surrogateescape")


class Tables:
    """The tables of an ELF file for this machine's byte order."""

    def __init__(self, descriptor: int, size: int, bits: int) -> None:
        """Read the header. `descriptor` stays the caller's. Raises Damaged or OSError."""
        self._descriptor = descriptor
        self._size = size
        self._shapes = _SHAPES[bits]
        self._order = "<" if sys.byteorder == "little" else ">"
        head = self._struct(self._shapes.header)
        (_, _, _, _, self._phoff, self._shoff, *_, phsize, phnum, shsize, shnum, _) = head.unpack(
            self._bytes(0, head.size, "its header")
        )
        self._sections = tuple(self._read_sections(shsize, shnum))
        self._segments = tuple(self._read_segments(phsize, phnum))

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The program headers, in order."""
        return self._segments

    def dynamic(self) -> list[tuple[int, int]] | None:
        """Tags and values of the dynamic segment; None if there is none. Raises Damaged."""
        segment = next((s for s in self._segments if s.kind == PT_DYNAMIC), None)
        if segment is None:
            return None
        shape = self._struct(self._shapes.dynamic)
        data = self._bytes(segment.offset, segment.size, "its dynamic segment")
        found = []
        for tag, value in shape.iter_unpack(data[: len(data) // shape.size * shape.size]):
            if tag == DT_NULL:
                break
            found.append((tag, value))
        return found

    def names(self, values: dict[int, int]) -> Names:
        """The string table of the dynamic segment. Raises Damaged."""
        if DT_STRTAB not in values:
            return Names(b"")
        size = values.get(DT_STRSZ, 0)
        if size > _MAX_STRINGS:
            raise Damaged(f"it claims to have {size} bytes of names")
        return Names(self._bytes(self._offset(values[DT_STRTAB]), size, "its string table"))

    def symbols(self, values: dict[int, int], names: Names) -> Iterator[Symbol]:
        """The dynamic symbols, but the null one. Raises Damaged."""
        section = next((s for s in self._sections if s.kind == SHT_DYNSYM), None)
        shape = self._struct(self._shapes.symbol)
        if section is not None:
            start, count = section.offset, section.size // shape.size
        elif DT_SYMTAB in values:
            start, count = self._offset(values[DT_SYMTAB]), self._count(values)
        else:
            return
        if count > MAX_SYMBOLS:
            raise Damaged(f"it claims to have {count} entries in its dynamic symbol table")
        table = self._bytes(start, count * shape.size, "its dynamic symbol table")
        for entry in shape.iter_unpack(table):
            name, info, other, where = (entry[place] for place in self._shapes.symbol_order)
            if name:
                yield Symbol(names.at(name), info >> 4, other & 3, where)

    def _count(self, values: dict[int, int]) -> int:
        """How many symbols there are, by whichever hash table there is."""
        if DT_HASH in values:
            word = self._struct("II")
            return int(
                word.unpack(self._bytes(self._offset(values[DT_HASH]), 8, "its hash table"))[1]
            )
        if DT_GNU_HASH not in values:
            return 0
        start = self._offset(values[DT_GNU_HASH])
        head = self._struct("IIII").unpack(self._bytes(start, 16, "its hash table"))
        buckets, first, blooms, _ = head
        at = start + 16 + blooms * self._struct(self._shapes.word).size
        if buckets > MAX_SYMBOLS:
            raise Damaged(f"its hash table claims to have {buckets} buckets")
        table = self._bytes(at, 4 * buckets, "its hash table")
        last = max((value for (value,) in self._struct("I").iter_unpack(table)), default=0)
        if last < first:
            return int(first)
        chain = at + 4 * buckets + 4 * (last - first)
        # The chain ends at an odd value.
        rest = os.pread(self._descriptor, 4 * MAX_SYMBOLS, chain)
        for steps, (value,) in enumerate(
            self._struct("I").iter_unpack(rest[: len(rest) // 4 * 4]), 1
        ):
            if value & 1:
                return int(last) + steps
        raise Damaged("a chain of its hash table never ends")

    def _read_sections(self, entry: int, count: int) -> Iterator[Section]:
        shape = self._struct(self._shapes.section)
        if not self._shoff:
            return
        if not count:
            # So many that the header has no room for their number: the first entry tells it.
            head = self._bytes(self._shoff, shape.size, "its section table")
            count = self._section(shape.unpack(head)).size
        if count > MAX_SECTIONS:
            raise Damaged(f"it claims to have {count} sections")
        for number in range(count):
            data = self._bytes(self._shoff + number * entry, shape.size, "its section table")
            yield self._section(shape.unpack(data))

    def _read_segments(self, entry: int, count: int) -> Iterator[Segment]:
        if count == 0xFFFF and self._sections:
            count = self._sections[0].info
        if count > MAX_SEGMENTS:
            raise Damaged(f"it claims to have {count} segments")
        shape = self._struct(self._shapes.segment)
        for number in range(count):
            values = shape.unpack(
                self._bytes(self._phoff + number * entry, shape.size, "its segment table")
            )
            kind, offset, address, size = (values[n] for n in self._shapes.segment_order)
            if kind in (PT_LOAD, PT_DYNAMIC) and offset + size > self._size:
                raise Damaged(f"a segment ends at byte {offset + size} of {self._size}")
            yield Segment(kind, offset, address, size)

    @staticmethod
    def _section(values: tuple[int, ...]) -> Section:
        _, kind, _, _, offset, size, link, info, *_ = values
        return Section(kind, offset, size, link, info)

    def _offset(self, address: int) -> int:
        """Where in the file the byte lies that is loaded at the address."""
        for segment in self._segments:
            within = address - segment.address
            if segment.kind == PT_LOAD and 0 <= within < segment.size:
                return segment.offset + within
        raise Damaged(f"address {address:#x} lies in no segment of the file")

    def _struct(self, code: str) -> struct.Struct:
        return struct.Struct(self._order + code)

    def _bytes(self, offset: int, size: int, what: str) -> bytes:
        """Part of the file. It must be there before a byte of it is read."""
        if offset + size > self._size:
            raise Damaged(f"{what} ends at byte {offset + size} of {self._size}")
        data = os.pread(self._descriptor, size, offset)
        if len(data) < size:
            raise Damaged(f"{what} is cut off: the file became shorter")
        return data
