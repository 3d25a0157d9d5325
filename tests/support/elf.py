# SPDX-License-Identifier: Apache-2.0
"""Writes ELF files that no linker would."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

_NUMBERS = {"x86_64": 62, "aarch64": 183}
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _HASH, _STRTAB, _SYMTAB, _STRSZ, _SONAME = 1, 4, 5, 6, 10, 14
_HEADER, _SEGMENT, _SYMBOL, _ENTRY = 64, 56, 24, 16


def write_elf(
    path: Path,
    names: bytes,
    symbols: Sequence[int],
    *,
    machine: str,
    needed: Sequence[int] = (),
    soname: int = 0,
    count: int | None = None,
) -> Path:
    """Write a 64-bit shared object without sections.

    `names` is the string table; `symbols`, `needed` and `soname` are places in it. `count` is
    how many symbols the hash table claims.
    """
    tags = len(needed) + 6
    dynamic = _HEADER + 2 * _SEGMENT
    table = dynamic + tags * _ENTRY
    hash_table = table + (len(symbols) + 1) * _SYMBOL
    strings = hash_table + 8
    size = strings + len(names)
    claimed = len(symbols) + 1 if count is None else count
    pairs = [
        *((_NEEDED, at) for at in needed),
        *((_SONAME, soname), (_STRTAB, strings), (_STRSZ, len(names))),
        *((_SYMTAB, table), (_HASH, hash_table), (0, 0)),
    ]
    parts = [
        b"\x7fELF\x02\x01\x01" + bytes(9),
        struct.pack("<HHIQQQ", 3, _NUMBERS[machine], 1, 0, _HEADER, 0),
        struct.pack("<IHHHHHH", 0, _HEADER, _SEGMENT, 2, 0, 0, 0),
        struct.pack("<IIQQQQQQ", _LOAD, 5, 0, 0, 0, size, size, 4096),
        struct.pack(
            *("<IIQQQQQQ", _DYNAMIC, 4, dynamic, dynamic, dynamic),
            *(tags * _ENTRY, tags * _ENTRY, 8),
        ),
        *(struct.pack("<QQ", *pair) for pair in pairs),
        bytes(_SYMBOL),
        # Global functions of section 1.
        *(struct.pack("<IBBHQQ", at, 0x12, 0, 1, 0, 0) for at in symbols),
        struct.pack("<II", 0, claimed),
        names,
    ]
    path.write_bytes(b"".join(parts))
    return path
