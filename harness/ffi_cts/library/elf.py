# SPDX-License-Identifier: Apache-2.0
"""What a shared library says about itself, read from its file without ever loading it."""

from __future__ import annotations

import os
import platform
import stat
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from attrs import frozen
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from ffi_cts.errors import UsageError

FUNCTION_PREFIX = "TVMFFI"
MODULE_PREFIX = "__tvm_ffi_"

_MAX_SECTIONS = 1 << 16
_MAX_SYMBOLS = 1 << 21
_ET_NAMES = {1: "a relocatable object file (.o)", 2: "an executable", 4: "a core dump"}
_ET_DYN = 3
_DF_1_PIE = 0x08000000
# ELF machine numbers, by what platform.machine() calls them.
_MACHINES = {
    3: "i386",
    8: "mips",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "x86_64",
    183: "aarch64",
    243: "riscv",
    258: "loongarch",
}
_ALIASES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "i486": "i386",
    "i586": "i386",
    "i686": "i386",
    "x86": "i386",
    "armv6l": "arm",
    "armv7l": "arm",
    "armv8l": "arm",
    "ppc64le": "ppc64",
    "ppcle": "ppc",
    "mips64": "mips",
    "riscv32": "riscv",
    "riscv64": "riscv",
    "loongarch64": "loongarch",
}
_MAGICS = (
    (b"#!", "a script"),
    (b"!<arch>\n", "a static archive (.a)"),
    (b"!<thin>\n", "a thin static archive (.a)"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O file for macOS"),
    (b"\xce\xfa\xed\xfe", "a Mach-O file for macOS"),
    (b"\xca\xfe\xba\xbe", "a Mach-O universal file or a Java class"),
    (b"MZ", "a PE file for Windows"),
    (b"\0asm", "a WebAssembly module"),
    (b"PK\x03\x04", "a zip file or a wheel"),
    (b"\x1f\x8b", "gzip data"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"/* GNU ld script", "a linker script that names the real library"),
)


@frozen(kw_only=True)
class ElfFacts:
    """The facts of an ELF shared object: `exported` and `undefined` are dynamic symbol names."""

    machine: str
    bits: int
    soname: str
    needed: tuple[str, ...]
    exported: frozenset[str]
    undefined: frozenset[str]


def inspect_library(path: Path) -> ElfFacts:
    """Read the library and check that it can be an implementation on this machine.

    Nothing of the file is executed. Raises UsageError saying what the file is instead: missing,
    a directory, unreadable, no ELF, damaged, for another machine, no shared object, or without
    a single `TVMFFI*` symbol.
    """
    _check_regular(path)
    try:
        with path.open("rb") as file:
            head = file.read(512)
            size = os.fstat(file.fileno()).st_size
            machine, bits = _check_header(path, head, size)
            facts = _read(path, file, size, machine, bits)
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.", "Check its permissions."
        ) from error
    _check_role(path, facts)
    return facts


def _check_regular(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
        reason = "there is no such file" if missing else str(error)
        raise UsageError(
            f"Can't open the library {str(path)!r}: {reason}.",
            "Give the path of a shared library, or a name such as reference or apache-tvm-ffi.",
        ) from error
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a directory.", "Give the shared library inside it.")
    # Opening a pipe or a device could block or never end.
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is not a regular file.", "Give the path of a shared library.")


def _check_header(path: Path, head: bytes, size: int) -> tuple[str, int]:
    if head[:4] != b"\x7fELF":
        raise UsageError(
            f"{path} is not an ELF file; it looks like {_looks_like(head)}.",
            "Give the shared library (usually lib*.so) of the implementation.",
        )
    if len(head) < 52:
        raise _damaged(path, f"the file ends after {size} bytes, inside the ELF header")
    bits = {1: 32, 2: 64}.get(head[4], 0)
    byteorder = {1: "little", 2: "big"}.get(head[5], "")
    if not bits or not byteorder:
        raise _damaged(path, f"class byte {head[4]} and data byte {head[5]} mean nothing")
    kind, number = struct.unpack_from("<HH" if byteorder == "little" else ">HH", head, 16)
    machine = _MACHINES.get(number, f"machine number {number}")
    own_machine = platform.machine().lower()
    own = (_ALIASES.get(own_machine, own_machine), struct.calcsize("P") * 8, sys.byteorder)
    if (machine, bits, byteorder) != own:
        raise UsageError(
            f"{path} is built for {machine}, {bits} bits, {byteorder}-endian, but this Python "
            f"runs on {own[0]}, {own[1]} bits, {own[2]}-endian.",
            "Run the suite on a machine of the library's kind, or build the library for this one.",
        )
    if kind != _ET_DYN:
        what = _ET_NAMES.get(kind, f"an ELF file of type {kind}")
        raise UsageError(
            f"{path} is {what}, not a shared library.", "Link it with -shared and give the result."
        )
    return machine, bits


def _read(path: Path, file: BinaryIO, size: int, machine: str, bits: int) -> ElfFacts:
    try:
        elf = ELFFile(file)
        _check_extents(path, elf, size)
        dynamic = next((s for s in elf.iter_segments() if isinstance(s, DynamicSegment)), None)
        if dynamic is None:
            raise UsageError(
                f"{path} has no dynamic segment, so it can't be loaded.",
                "Link it with -shared; a file of separate debug information does not do.",
            )
        soname, needed = "", []
        for tag in dynamic.iter_tags():
            if tag.entry.d_tag == "DT_SONAME":
                soname = vars(tag)["soname"]
            elif tag.entry.d_tag == "DT_NEEDED":
                needed.append(vars(tag)["needed"])
            elif tag.entry.d_tag == "DT_FLAGS_1" and tag.entry.d_val & _DF_1_PIE:
                raise UsageError(
                    f"{path} is a position-independent executable, not a shared library.",
                    "Link it with -shared and give the result.",
                )
        exported, undefined = _symbols(path, elf, dynamic, size)
    except (UsageError, OSError):
        raise
    # The parser lets many kinds of exception out of a damaged file; none is a fault of ours.
    except Exception as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    return ElfFacts(
        machine=machine,
        bits=bits,
        soname=soname,
        needed=tuple(needed),
        exported=exported,
        undefined=undefined,
    )


def _check_extents(path: Path, elf: ELFFile, size: int) -> None:
    """Refuse a file that is shorter than its headers say: loading it would end in SIGBUS."""
    header = elf.header
    table_end = header.e_shoff + header.e_shnum * header.e_shentsize
    if header.e_shoff and table_end > size:
        raise _damaged(path, f"its section table ends at byte {table_end} of {size}")
    if elf.num_sections() > _MAX_SECTIONS:
        raise _damaged(path, f"it claims to have {elf.num_sections()} sections")
    for segment in elf.iter_segments():
        end = segment.header.p_offset + segment.header.p_filesz
        if segment.header.p_type in ("PT_LOAD", "PT_DYNAMIC") and end > size:
            raise _damaged(path, f"a segment ends at byte {end} of {size}")


def _symbols(
    path: Path, elf: ELFFile, dynamic: DynamicSegment, size: int
) -> tuple[frozenset[str], frozenset[str]]:
    table: SymbolTableSection | DynamicSegment = dynamic
    for section in elf.iter_sections("SHT_DYNSYM"):
        if not isinstance(section, SymbolTableSection):
            continue
        if section.header.sh_offset + section.header.sh_size > size:
            raise _damaged(path, "its dynamic symbol table lies outside the file")
        table = section
    if table.num_symbols() > _MAX_SYMBOLS:
        raise _damaged(path, f"it claims to have {table.num_symbols()} dynamic symbols")
    exported, undefined = set(), set()
    for symbol in table.iter_symbols():
        if not symbol.name or symbol.entry.st_info.bind == "STB_LOCAL":
            continue
        if symbol.entry.st_shndx == "SHN_UNDEF":
            undefined.add(symbol.name)
        elif symbol.entry.st_other.visibility in ("STV_DEFAULT", "STV_PROTECTED"):
            exported.add(symbol.name)
    return frozenset(exported), frozenset(undefined)


def _check_role(path: Path, facts: ElfFacts) -> None:
    defines = sum(name.startswith(FUNCTION_PREFIX) for name in facts.exported)
    calls = sum(name.startswith(FUNCTION_PREFIX) for name in facts.undefined)
    # A library that calls more of the ABI than it defines is a user of it, even where it has a
    # function of its own under that prefix, as the testing library of the releases does.
    if defines > calls:
        return
    what = f"exports {defines or 'no'} {FUNCTION_PREFIX}* function{'s' * (defines > 1)}"
    if calls:
        what += f" and calls {calls} in another library"
    if any(name.startswith(MODULE_PREFIX) for name in facts.exported):
        raise UsageError(
            f"{path} is a module, not an implementation: it has {MODULE_PREFIX}* functions, "
            f"{what}.",
            "Give the runtime library that modules call, usually libtvm_ffi.so.",
        )
    raise UsageError(
        f"{path} {what}, so it does not implement the ABI.",
        "Give the runtime library, and check that its C functions have default visibility.",
    )


def _looks_like(head: bytes) -> str:
    if not head:
        return "an empty file"
    for magic, what in _MAGICS:
        if head.startswith(magic):
            return what
    # A cut in the middle of a character at the end of the sample does not make it binary.
    text = head.decode("utf-8", "ignore")
    printable = all(char.isprintable() or char in "\r\n\t\f" for char in text)
    if printable and len(text.encode()) >= len(head) - 3:
        if text.lstrip().startswith(("INPUT", "GROUP", "OUTPUT_FORMAT")):
            return "a linker script that names the real library"
        return "a text file"
    return "binary data of another format"


def _damaged(path: Path, detail: str) -> UsageError:
    return UsageError(
        f"{path} is a truncated or damaged ELF file: {detail}.",
        "Build it or fetch it again, and compare its size with the original.",
    )
