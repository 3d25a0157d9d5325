# SPDX-License-Identifier: Apache-2.0
"""What a C or C++ compiler makes of the headers under test."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs
import pytest
from elftools.elf.elffile import ELFFile

from ffi_cts.abi import load
from ffi_cts.abi.layout import LayoutEngine
from ffi_cts.abi.model import FIRST_RELEASE, Function
from ffi_cts.errors import UsageError

COMPILERS = ("gcc", "g++", "clang", "clang++")
"""Each stands for its language: C11, or C++17 where the name ends in ++."""

IMPLEMENTERS_OWN = ("tvm/ffi/c_api.h", "tvm/ffi/extra/c_env_api.h", "dlpack/dlpack.h")
GENERATED = ("ffi_cts/abi.h",)

_HINT = f"Give the folder that holds {IMPLEMENTERS_OWN[0]}, or {GENERATED[0]}, below it."
_SECONDS = 60
_SECTION = "ffi_cts"


@attrs.frozen
class Item:
    """A number to ask the compiler for, by its C expression.

    ``since`` is the release whose header brought it: what newer releases added may be absent.
    """

    name: str
    expression: str
    expected: int
    since: str = FIRST_RELEASE


@attrs.frozen
class Compiler:
    """A compiler with the folder of the headers it is to read."""

    program: str
    headers: Path

    @property
    def is_cpp(self) -> bool:
        """Whether it compiles C++."""
        return self.program.endswith("++")

    def includes(self) -> str:
        """The #include lines for the headers in the folder.

        Raises AssertionError if neither the implementer's own headers nor generated ones are there.
        """
        for names in (GENERATED, IMPLEMENTERS_OWN):
            if (self.headers / names[0]).is_file():
                missing = [name for name in names if not (self.headers / name).is_file()]
                assert not missing, f"{self.headers} lacks {', '.join(missing)}"
                return "".join(f"#include <{name}>\n" for name in names)
        raise AssertionError(
            f"{self.headers} holds neither {IMPLEMENTERS_OWN[0]} nor {GENERATED[0]}"
        )

    def compile(self, source: str, output: Path) -> subprocess.CompletedProcess[str]:
        """Compile ``source`` into an object file; the result tells whether that worked."""
        language = ["-x", "c++", "-std=c++17"] if self.is_cpp else ["-x", "c", "-std=c11"]
        limit = "-ferror-limit=0" if "clang" in self.program else "-fmax-errors=0"
        command = [self.program, *language, limit, "-w", "-c", "-I", str(self.headers)]
        return subprocess.run(
            [*command, "-", "-o", str(output)],
            input=source,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            # What is preloaded for the library under test is none of the compiler's business.
            env={k: v for k, v in os.environ.items() if k != "LD_PRELOAD"} | {"LC_ALL": "C"},
        )


def check_folder(folder: Path) -> None:
    """Make sure that there is something to judge in the folder that a user named.

    Raises:
        UsageError: it is no folder, or holds none of the headers that are looked for.
    """
    if not folder.is_dir():
        raise UsageError(f"--include {folder}: not a directory.", _HINT)
    first = (IMPLEMENTERS_OWN[0], GENERATED[0])
    if not any((folder / name).is_file() for name in first):
        raise UsageError(f"--include {folder}: there is neither {first[0]} nor {first[1]}.", _HINT)


def compiler(program: str, headers: Path) -> Compiler:
    """The compiler named ``program``; skips the check where there is none."""
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program} on this machine")
    return Compiler(program, headers)


def measure(cc: Compiler, items: Iterable[Item]) -> dict[str, int | None]:
    """The value of each item; None where the headers lack what it names.

    Raises AssertionError if the headers don't compile at all.
    """
    pending = list(items)
    found: dict[str, int | None] = {item.name: None for item in pending}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "probe.o"
        for _ in range(3):  # once, and again without what the headers lack
            source, first_line = _source(cc, pending)
            result = cc.compile(source, output)
            if result.returncode == 0:
                break
            wrong = _wrong_lines(result.stderr, first_line, len(pending))
            assert wrong, f"{cc.program} refuses the headers:\n{result.stderr[:2000]}"
            pending = [item for line, item in enumerate(pending) if line not in wrong]
        else:
            raise AssertionError(f"{cc.program} refuses the probe:\n{result.stderr[:2000]}")
        values = _values(output)
    found.update(zip((item.name for item in pending), values, strict=True))
    return found


def _source(cc: Compiler, items: list[Item]) -> tuple[str, int]:
    """The probe, one line for each item, and the number of the first of those lines."""
    head = f"#include <stddef.h>\n{cc.includes()}"
    place = f'__attribute__((used, section("{_SECTION}"))) long long'
    # Each value comes with its number, for compilers may reorder them.
    lines = [
        f"{place} item_{index}[2] = {{{index}, (long long)({item.expression})}};\n"
        for index, item in enumerate([*items, Item("end", "0", 0)])
    ]
    return head + "".join(lines), head.count("\n") + 1


def _values(output: Path) -> list[int]:
    """The numbers that the compiler wrote into the object file, without the closing one."""
    with output.open("rb") as file:
        elf = ELFFile(file)
        section = elf.get_section_by_name(_SECTION)
        assert section is not None, "the compiler left the probe's values out"
        pairs = list(struct.iter_unpack("<qq" if elf.little_endian else ">qq", section.data()))
    return [value for _, value in sorted(pairs)][:-1]


def _wrong_lines(messages: str, first: int, count: int) -> set[int]:
    """Indices of the items in whose lines the compiler found errors; empty if others are wrong."""
    found = re.findall(r"^<stdin>:(\d+):\d+: error:", messages, re.MULTILINE)
    numbers = {int(line) - first for line in found}
    return {number for number in numbers if 0 <= number < count}


def compare(cc: Compiler, items: Iterable[Item]) -> None:
    """Fail the check where the headers differ from the items.

    What a later release added may be absent; skips the check if nothing else is left.
    """
    items = list(items)
    found = measure(cc, items)
    lacking = [i.name for i in items if found[i.name] is None and i.since == FIRST_RELEASE]
    assert not lacking, f"the headers lack {', '.join(lacking)}"
    present = [item for item in items if found[item.name] is not None]
    if not present:
        names = ", ".join(item.name for item in items if item.name.startswith("sizeof"))
        pytest.skip(f"the headers are older than {names}")
    wrong = [
        f"{item.name} is {found[item.name]}, not {item.expected}"
        for item in present
        if found[item.name] != item.expected
    ]
    assert not wrong, "; ".join(wrong)


def struct_items(*names: str) -> list[Item]:
    """Size of each struct; offset and size of its fields."""
    abi = load().abi
    engine, items = LayoutEngine(abi), []
    for name in names:
        spec = abi.struct(name)
        fields = list(spec.flat_fields())
        # Only a header with all of the fields can have the struct's size; new names change nothing.
        added = [f for f in fields if f.since != FIRST_RELEASE and not f.was]
        newest = max((f.since for f in added), default=spec.since)
        guard = _guard(name, [f.name for f in added])
        items.append(Item(f"sizeof({name})", f"sizeof({name}){guard}", spec.size, newest))
        for field in fields:
            where = f"{name}.{field.name}"
            since = field.since if field.since != FIRST_RELEASE else spec.since
            items.append(
                Item(f"offset of {where}", f"offsetof({name}, {field.name})", field.offset, since)
            )
            size, _ = engine.type_of(field.type)
            member = f"sizeof((({name}*)0)->{field.name}){guard}"
            items.append(Item(f"size of {where}", member, size, newest if added else since))
    return items


def _guard(struct: str, newer: list[str]) -> str:
    """An expression of value 0 that only compiles where the newer fields are there."""
    return "".join(f" + 0 * sizeof((({struct}*)0)->{field})" for field in newer)


def enum_items(*names: str) -> list[Item]:
    """Value of each enumerator, and the width of the type."""
    items = []
    for name in names:
        enum = load().abi.enum(name)
        items.append(Item(f"sizeof({name})", f"sizeof({name})", 4, enum.since))
        for value in enum.values:
            since = value.since if value.since != FIRST_RELEASE else enum.since
            if not value.open:
                items.append(Item(value.name, value.name, value.value, since))
    return items


def constant_items(names: Iterable[str]) -> list[Item]:
    """Value of each macro."""
    known = {constant.name: constant for constant in load().abi.constants}
    return [Item(name, name, known[name].value, known[name].since) for name in names]


def function_items(cc: Compiler, functions: Iterable[Function]) -> list[Item]:
    """1 for each function that is declared with the types of the specification."""
    items = []
    for function in functions:
        pointer = f"{function.returns} (*)({', '.join(a.type for a in function.args) or 'void'})"
        # The generic address-of keeps attributes such as pure out of the comparison.
        if cc.is_cpp:
            same = f"__is_same(__typeof__(+{function.name}), {pointer})"
        else:
            same = f"__builtin_types_compatible_p(__typeof__(&{function.name}), {pointer})"
        items.append(Item(f"declaration of {function.name}", same, 1, function.since))
    return items


def alignment_items(expected: Mapping[str, int]) -> list[Item]:
    """Alignment of each struct, as the place behind a char tells it in C and C++ alike."""
    return [
        Item(f"alignment of {name}", f"__alignof__({name})", number, load().abi.struct(name).since)
        for name, number in expected.items()
    ]
