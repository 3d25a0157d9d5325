# SPDX-License-Identifier: Apache-2.0
"""Reading libraries: good ones, and everything that is none."""

from __future__ import annotations

import os
import platform
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ffi_cts.errors import UsageError
from ffi_cts.library.elf import inspect_library
from support.elf import write_elf
from support.users import shared_folder, without_privileges

SOURCE = "int TVMFFIFirst(void) { return 0; } int TVMFFISecond(void) { return 1; }"
Builder = Callable[..., Path]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    folder = tmp_path_factory.mktemp("elf")

    def build(name: str, source: str, *flags: str) -> Path:
        file = folder / name
        code = folder / f"{name}.c"
        code.write_text(source)
        subprocess.run(["gcc", *flags, "-o", str(file), str(code)], check=True)
        return file

    return build


@pytest.fixture(scope="module")
def library(build: Builder) -> Path:
    return build(
        "libgood.so", SOURCE, "-shared", "-fPIC", "-Wl,-soname,libgood.so.1,--no-as-needed"
    )


@pytest.fixture
def altered(library: Path, tmp_path: Path) -> Callable[[int, bytes], Path]:
    def alter(offset: int, data: bytes) -> Path:
        content = bytearray(library.read_bytes())
        content[offset : offset + len(data)] = data
        file = tmp_path / "altered.so"
        file.write_bytes(content)
        return file

    return alter


def refused(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        inspect_library(path)
    assert caught.value.hint
    return str(caught.value)


def test_a_good_library(library: Path) -> None:
    facts = inspect_library(library)
    assert {"TVMFFIFirst", "TVMFFISecond"} <= facts.exported
    assert facts.soname == "libgood.so.1"
    assert "libc.so.6" in facts.needed
    assert facts.bits == struct.calcsize("P") * 8


def test_undefined_and_hidden_symbols_are_not_exported(build: Builder) -> None:
    source = (
        "int other(void); int TVMFFIMain(void) { return other(); }"
        '__attribute__((visibility("hidden"))) int TVMFFIHidden(void) { return 0; }'
        "__attribute__((weak)) int TVMFFIWeak(void) { return 0; }"
    )
    facts = inspect_library(build("libmixed.so", source, "-shared", "-fPIC"))
    assert "other" in facts.undefined
    assert "TVMFFIWeak" in facts.exported
    assert not {"other", "TVMFFIHidden"} & facts.exported


def test_a_library_without_section_headers(library: Path, tmp_path: Path) -> None:
    content = bytearray(library.read_bytes())
    content[40:48] = bytes(8)
    content[58:64] = bytes(6)
    stripped = tmp_path / "stripped.so"
    stripped.write_bytes(content)
    assert "TVMFFIFirst" in inspect_library(stripped).exported


def test_missing_directory_and_device(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.so")
    assert "is a directory" in refused(tmp_path)
    assert "not a regular file" in refused(Path("/dev/zero"))
    assert "is no UTF-8 text" in refused(tmp_path / "\udcff.so")
    assert "no such file" in refused(Path("/dev/null/x.so"))


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.so")
    assert "not a regular file" in refused(tmp_path / "pipe.so")


def test_unreadable(library: Path) -> None:
    with shared_folder() as folder:
        file = folder / "secret.so"
        file.write_bytes(library.read_bytes())
        file.chmod(0)

        def check() -> None:
            assert "Permission denied" in refused(file)

        without_privileges(check)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"#!/bin/sh\n", "a script"),
        (b"!<arch>\nx", "a static archive"),
        (b"\xcf\xfa\xed\xfe\x07\x00", "a Mach-O file"),
        (b"MZ\x90\x00", "a PE file"),
        (b"PK\x03\x04", "a wheel"),
        (b"/* GNU ld script\n*/", "a linker script"),
        (b"INPUT(libx.so.1)\n", "a linker script"),
        ("käse\n".encode() * 200, "a text file"),
        (b"\x00\x01\x02\x03", "binary data"),
        (b"\xff" * 100, "binary data"),
    ],
)
def test_not_elf(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "file.so"
    file.write_bytes(content)
    message = refused(file)
    assert "not an ELF file" in message
    assert said in message


def test_another_word_size(altered: Callable[[int, bytes], Path]) -> None:
    assert "32 bits" in refused(altered(4, b"\x01"))


def test_another_machine(altered: Callable[[int, bytes], Path]) -> None:
    assert "s390x" in refused(altered(18, struct.pack("<H", 22)))
    assert "machine number 4660" in refused(altered(18, struct.pack("<H", 0x1234)))


def test_another_byte_order(altered: Callable[[int, bytes], Path]) -> None:
    assert "big-endian" in refused(altered(5, b"\x02"))


def test_meaningless_header(altered: Callable[[int, bytes], Path]) -> None:
    assert "damaged" in refused(altered(4, b"\x09"))


def test_truncated_at_many_places(library: Path, tmp_path: Path) -> None:
    content = library.read_bytes()
    for size in (4, 20, 51, 60, 100, 500, len(content) // 2, len(content) - 1):
        file = tmp_path / "cut.so"
        file.write_bytes(content[:size])
        assert "truncated or damaged" in refused(file), size


def test_absurd_section_count_and_size(
    altered: Callable[[int, bytes], Path], library: Path
) -> None:
    # A count of zero moves the real count into the size field of the first section header.
    content = library.read_bytes()
    (table,) = struct.unpack_from("<Q", content, 40)
    assert "damaged" in refused(altered(40, struct.pack("<Q", 1 << 60)))
    huge = bytearray(content)
    huge[60:62] = bytes(2)
    huge[table + 32 : table + 40] = struct.pack("<Q", 1 << 40)
    file = altered(0, bytes(huge))
    assert "sections" in refused(file)


def test_absurd_symbol_table_size(altered: Callable[[int, bytes], Path], library: Path) -> None:
    content = library.read_bytes()
    table, count = (
        struct.unpack_from("<Q", content, 40)[0],
        struct.unpack_from("<H", content, 60)[0],
    )
    dynsym = next(
        offset
        for offset in range(table, table + 64 * count, 64)
        if struct.unpack_from("<I", content, offset + 4)[0] == 11
    )
    assert "symbol table" in refused(altered(dynsym + 32, struct.pack("<Q", 24 << 40)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_anywhere_is_a_clear_error_or_harmless(
    library: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(library.read_bytes())
    headers = st.integers(0, 0x400) | st.integers(0, len(content) - 8)
    for _ in range(data.draw(st.integers(1, 4))):
        offset = data.draw(headers)
        patch = data.draw(st.binary(min_size=1, max_size=8))
        content[offset : offset + len(patch)] = patch
    file = tmp_path / "damaged.so"
    file.write_bytes(content)
    message = str(file)
    try:
        inspect_library(file)
    except UsageError as error:
        message = str(error)
    assert str(file) in message


def test_executables_and_objects(build: Builder) -> None:
    main = SOURCE + "int main(void) { return 0; }"
    assert "position-independent executable" in refused(build("pie", main, "-pie", "-fPIE"))
    assert "an executable" in refused(build("fixed", main, "-no-pie"))
    assert "relocatable" in refused(build("object.o", SOURCE, "-c"))


def test_a_library_of_something_else(build: Builder) -> None:
    message = refused(build("libother.so", "int other(void) { return 0; }", "-shared", "-fPIC"))
    assert "exports no TVMFFI* function" in message


def test_a_module_is_no_implementation(build: Builder) -> None:
    source = (
        "int TVMFFIFunctionCall(void); int TVMFFIErrorCreate(void); int TVMFFITestingDummy(void)"
        "{ return 0; } int __tvm_ffi_add(void) { return TVMFFIFunctionCall(); }"
        "int more(void) { return TVMFFIErrorCreate(); }"
    )
    message = refused(build("libmodule.so", source, "-shared", "-fPIC"))
    assert "is a module, not an implementation" in message


@pytest.mark.parametrize("style", ["sysv", "gnu", "both"])
def test_library_without_section_headers(build: Builder, tmp_path: Path, style: str) -> None:
    """The dynamic segment alone tells the symbols, with whichever hash table there is."""
    flags = ("-shared", "-fPIC", "-s", f"-Wl,--hash-style={style},-soname,liblean.so")
    content = bytearray(build(f"lib{style}.so", SOURCE, *flags).read_bytes())
    content[0x28:0x30] = bytes(8)  # e_shoff
    content[0x3A:0x40] = bytes(6)  # e_shentsize, e_shnum, e_shstrndx
    file = tmp_path / "lean 'quoted\" ünï.so"
    file.write_bytes(content)
    facts = inspect_library(file)
    assert {"TVMFFIFirst", "TVMFFISecond"} <= facts.exported
    assert facts.soname == "liblean.so"


# Files that no linker makes. Each is read in a time that hangs on its size alone.

here = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "aarch64"), reason="written for two machines"
)


@here
def test_a_file_of_our_own_is_read(tmp_path: Path) -> None:
    names = b"\0TVMFFIFirst\0libodd.so\0libc.so.6\0"
    file = write_elf(
        *(tmp_path / "odd.so", names, [1, 7]),
        machine=platform.machine(),
        needed=[names.index(b"libc")],
        soname=names.index(b"libodd"),
    )
    facts = inspect_library(file)
    assert facts.exported == {"TVMFFIFirst", "First"}
    assert (facts.soname, facts.needed) == ("libodd.so", ("libc.so.6",))


@here
def test_a_name_without_an_end_is_refused(tmp_path: Path) -> None:
    file = write_elf(tmp_path / "odd.so", b"\0TVMFFIFirst", [1], machine=platform.machine())
    assert "never ends" in refused(file)


@here
@pytest.mark.parametrize("place", ["symbols", "needed"])
def test_many_names_that_are_one_long_text(tmp_path: Path, place: str) -> None:
    names = b"\0TVMFFIFirst\0" + b"a" * 60_000 + b"\0"
    at = list(range(20, 30_000))
    file = write_elf(
        *(tmp_path / "odd.so", names, at if place == "symbols" else [1]),
        machine=platform.machine(),
        needed=at if place == "needed" else (),
    )
    assert "much longer than its string table" in refused(file)


@here
def test_a_very_long_name_is_refused(tmp_path: Path) -> None:
    names = b"\0TVMFFIFirst\0" + b"a" * 500_000 + b"\0"
    symbols = [1, *range(20, 25_000)]
    file = write_elf(tmp_path / "odd.so", names, symbols, machine=platform.machine())
    assert "never ends" in refused(file)


@here
def test_a_name_outside_the_table_is_refused(tmp_path: Path) -> None:
    file = write_elf(tmp_path / "odd.so", b"\0TVMFFIFirst\0", [1, 5000], machine=platform.machine())
    assert "outside its string table" in refused(file)


@here
@pytest.mark.parametrize("count", [1000, 1 << 31])
def test_a_count_that_the_file_can_not_hold(tmp_path: Path, count: int) -> None:
    file = write_elf(
        *(tmp_path / "odd.so", b"\0TVMFFIFirst\0", [1]), machine=platform.machine(), count=count
    )
    assert "dynamic symbol table" in refused(file)


@here
@pytest.mark.parametrize("names", [b"", b"\0"])
def test_no_names_at_all(tmp_path: Path, names: bytes) -> None:
    file = write_elf(tmp_path / "odd.so", names, [], machine=platform.machine())
    refused(file)


def test_zeros_behind_the_header(altered: Callable[[int, bytes], Path], library: Path) -> None:
    size = library.stat().st_size
    assert "no dynamic segment" in refused(altered(64, bytes(size - 64)))
    assert "no dynamic segment" in refused(altered(24, bytes(40)))
