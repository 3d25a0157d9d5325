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

from ffi_cts.errors import UsageError
from ffi_cts.library.elf_tables import (
    DT_FLAGS_1,
    DT_NEEDED,
    DT_SONAME,
    Damaged,
    Names,
    Tables,
)

FUNCTION_PREFIX = "TVMFFI"
MODULE_PREFIX = "__tvm_ffi_"

_ET_NAMES = {1: "a relocatable object file (.o)", 2: "an executable", 4: "a core dump"}
_ET_DYN = 3
_DF_1_PIE = 0x08000000
_STB_LOCAL = 0
_SHN_UNDEF = 0
_STV_DEFAULT, _STV_PROTECTED = 0, 3
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
        str(path).encode()
    except UnicodeEncodeError as error:  # what loads it takes no other names
        raise UsageError(
            f"Can't open the library {str(path)!r}: its path is no UTF-8 text.",
            "Copy it, or give a link to it, under another name.",
        ) from error
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
        tables = Tables(file.fileno(), size, bits)
        dynamic = tables.dynamic()
        if dynamic is None:
            raise UsageError(
                f"{path} has no dynamic segment, so it can't be loaded.",
                "Link it with -shared; a file of separate debug information does not do.",
            )
        values = dict(dynamic)
        if values.get(DT_FLAGS_1, 0) & _DF_1_PIE:
            raise UsageError(
                f"{path} is a position-independent executable, not a shared library.",
                "Link it with -shared and give the result.",
            )
        names = tables.names(values)
        exported, undefined = _symbols(tables, values, names)
        return ElfFacts(
            machine=machine,
            bits=bits,
            soname=names.at(values[DT_SONAME]) if DT_SONAME in values else "",
            needed=tuple(names.at(value) for tag, value in dynamic if tag == DT_NEEDED),
            exported=exported,
            undefined=undefined,
        )
    except Damaged as error:
        raise _damaged(path, str(error)) from error


def _symbols(
    tables: Tables, values: dict[int, int], names: Names
) -> tuple[frozenset[str], frozenset[str]]:
    exported, undefined = set(), set()
    for symbol in tables.symbols(values, names):
        if symbol.bind == _STB_LOCAL:
            continue
        if symbol.section == _SHN_UNDEF:
            undefined.add(symbol.name)
        elif symbol.visibility in (_STV_DEFAULT, _STV_PROTECTED):
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
