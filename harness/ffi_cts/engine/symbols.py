# SPDX-License-Identifier: Apache-2.0
"""Names for addresses in the memory of another process. Files are read, never loaded."""

from __future__ import annotations

import functools
import os
import re
import struct
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO

import attrs

_LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)")
_SYMBOL = struct.Struct("<IBBHQQ")
_EXECUTABLE = 2  # ET_EXEC: addresses are what they are in the file
_FUNCTIONS = (2, 10)
_TABLES = (2, 11)
_NAME_LIMIT = 200
_BIGGEST = 1 << 30


@attrs.frozen
class Mapping:
    """A piece of memory, as /proc/PID/maps tells of it."""

    start: int
    end: int
    rights: str
    offset: int
    path: str


@attrs.frozen
class Frame:
    """A place in code: ``module`` is a file's name, ``offset`` is into it as it was linked.

    ``inside`` is into the function; without a symbol both are unknown. ``path`` is the file.
    """

    module: str
    offset: int
    function: str = ""
    inside: int = 0
    path: str = ""

    def text(self, *, exact: bool = True) -> str:
        """How people read it; without the offsets where they tell nothing."""
        if not exact:
            return f"{self.function} ({self.module})" if self.function else self.module
        where = f"{self.module}+{self.offset:#x}" if self.module else "no code"
        return f"{self.function}+{self.inside:#x} ({where})" if self.function else where


class Memory:
    """The memory of a process, by the text of its /proc/PID/maps."""

    def __init__(self, maps: str) -> None:
        self._mappings = [
            Mapping(int(m[1], 16), int(m[2], 16), m[3], int(m[4], 16), m[5])
            for m in map(_LINE.match, maps.splitlines())
            if m is not None
        ]
        self._starts = [mapping.start for mapping in self._mappings]

    def at(self, address: int) -> Mapping | None:
        """The mapping that an address lies in."""
        place = bisect_right(self._starts, address) - 1
        if place < 0 or address >= self._mappings[place].end:
            return None
        return self._mappings[place]

    def _base(self, mapping: Mapping) -> int:
        """Where the file begins of which a mapping is a part.

        It may be mapped more than once: a library may read it to find names of functions.
        """
        place = self._mappings.index(mapping)
        for before in reversed(self._mappings[: place + 1]):
            if before.path == mapping.path and before.offset == 0:
                return before.start
        return mapping.start - mapping.offset

    def module(self, address: int) -> str:
        """Name of the file that an address lies in, empty if in none."""
        mapping = self.at(address)
        if mapping is None or not mapping.path.startswith("/"):
            return ""
        return Path(mapping.path.removesuffix(" (deleted)")).name

    def frame(self, address: int) -> Frame:
        """The place in code that an address is; one without a module where no file lies there."""
        mapping = self.at(address)
        if mapping is None or not mapping.path:
            return Frame("", 0)
        if not mapping.path.startswith("/"):  # [vdso], [stack]
            return Frame(mapping.path, address - mapping.start)
        path = mapping.path.removesuffix(" (deleted)")
        base = self._base(mapping)
        module = Path(path).name
        table = _table(path)
        offset = address if table.absolute else address - base
        name, inside = table.find(offset)
        return Frame(module, address - base, name, inside, path)


class _Table:
    """Functions of one ELF file by their addresses."""

    def __init__(self, functions: dict[int, tuple[int, str]], *, absolute: bool) -> None:
        self.absolute = absolute
        self._starts = sorted(functions)
        self._functions = functions

    def find(self, offset: int) -> tuple[str, int]:
        """The function that an address lies in and how far in; an empty name if in none."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return "", 0
        start = self._starts[place]
        size, name = self._functions[start]
        return (name, offset - start) if offset < start + size else ("", 0)


@functools.lru_cache(maxsize=32)
def _table(path: str) -> _Table:
    """The functions of a file; none if it can't be read, whatever is wrong with it."""
    try:
        with Path(path).open("rb") as file:
            return _read(_Pieces(file))
    except (OSError, ValueError, struct.error, IndexError, MemoryError):
        return _Table({}, absolute=False)


class _Pieces:
    """A file of which only what is asked for is read: libraries can be very large."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = min(os.fstat(file.fileno()).st_size, _BIGGEST)

    def take(self, at: int, size: int) -> bytes:
        """So many bytes from a place, fewer where the file ends."""
        self._file.seek(min(at, self._size))
        return self._file.read(max(0, min(size, self._size - at)))


def _read(file: _Pieces) -> _Table:
    head = file.take(0, 64)
    if head[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit ELF file")
    (kind,) = struct.unpack_from("<H", head, 16)
    (at,) = struct.unpack_from("<Q", head, 40)
    size, count = struct.unpack_from("<HH", head, 58)
    rows = file.take(at, size * count)
    sections = [struct.unpack_from("<IIQQQQIIQQ", rows, n * size) for n in range(count)]
    functions: dict[int, tuple[int, str]] = {}
    for section in sections:
        if section[1] not in _TABLES:
            continue
        texts = sections[section[6]]
        names = file.take(texts[4], texts[5])
        table = file.take(section[4], section[5])
        table = table[: len(table) // _SYMBOL.size * _SYMBOL.size]
        for name, info, _, where, value, length in _SYMBOL.iter_unpack(table):
            if info & 15 in _FUNCTIONS and where and length:
                end = names.find(b"\0", name, name + _NAME_LIMIT)
                word = names[name : end if end >= 0 else name + _NAME_LIMIT]
                known = functions.get(value)
                text = word.decode("utf-8", "backslashreplace")
                # Of several names of one function, the same one always.
                if known is None or (len(text), text) < (len(known[1]), known[1]):
                    functions[value] = (length, text)
    return _Table(functions, absolute=kind == _EXECUTABLE)
