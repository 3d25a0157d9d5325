# SPDX-License-Identifier: Apache-2.0
"""Which GPU architectures a CUDA module holds code for, read from its file.

nvcc puts device code into the section ``.nv_fatbin``: containers one after the other, each a
header (magic number, version, length of the header, length of what follows) and entries. An
entry is a header (kind, version, its length, length of the code) and its code: an ELF file for
one architecture (a cubin), or PTX text for any from one on.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from elftools.elf.elffile import ELFFile

from ffi_cts.errors import UsageError

_SECTION = ".nv_fatbin"
_MAGIC = 0xBA55ED50
_CONTAINER = struct.Struct("<IHHQ")
_ENTRY = struct.Struct("<HHIQ")
_PTX, _CUBIN = 1, 2
_TARGET = re.compile(rb"^\.target\s+sm_(\w+)", re.MULTILINE)
# From this version of the cubin format on, the number stands in another byte of e_flags.
_ABI_OF_SECOND_BYTE = 8


def architectures(module: Path) -> list[str]:
    """Give what the module runs on: ``sm_80`` for a cubin, ``compute_90`` for PTX; sorted.

    Nothing of the file is executed.

    Raises:
        UsageError: it can't be read, or is no ELF file with uncompressed device code.
    """
    try:
        with module.open("rb") as file:
            section = ELFFile(file).get_section_by_name(_SECTION)
            data = section.data() if section is not None else b""
        found = {_name(kind, code) for kind, code in _entries(data)}
    # The parser lets many kinds of exception out of a damaged file; none is a fault of ours.
    except Exception as error:
        raise UsageError(
            f"Can't tell which GPUs {module} is for: {error}.",
            "Give a module that nvcc has built with --no-compress.",
        ) from error
    if not found:
        raise UsageError(
            f"{module} holds no device code: its section {_SECTION} is empty or absent.",
            "Give a module that nvcc has built from a .cu file.",
        )
    return sorted(found, key=lambda name: (name.startswith("compute"), name))


def _entries(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and code of each entry of each container."""
    at = 0
    while at < len(data):
        magic, _, header, size = _CONTAINER.unpack_from(data, at)
        if magic != _MAGIC:
            raise ValueError(f"byte {at} of {_SECTION} is not the start of a container")
        at, end = at + header, at + header + size
        if end > len(data):
            raise ValueError(f"a container ends at byte {end} of {len(data)}")
        while at < end:
            kind, _, header, size = _ENTRY.unpack_from(data, at)
            if header < _ENTRY.size or at + header + size > end:
                raise ValueError(f"the entry at byte {at} does not fit into its container")
            yield kind, data[at + header : at + header + size]
            at += header + size
        at += -at % 8  # containers are aligned


def _name(kind: int, code: bytes) -> str:
    if kind == _CUBIN and code.startswith(b"\x7fELF"):
        elf = ELFFile(io.BytesIO(code))
        shift = 8 if elf.header.e_ident.EI_ABIVERSION >= _ABI_OF_SECOND_BYTE else 0
        return f"sm_{elf.header.e_flags >> shift & 0xFF}"
    target = _TARGET.search(code) if kind == _PTX else None
    if target is None:
        raise ValueError(f"device code of kind {kind} is compressed or unknown")
    return f"compute_{target[1].decode()}"
