# SPDX-License-Identifier: Apache-2.0
"""The specification, what is generated from it, and the linter that joins it with the checks."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cffi import FFI

from ffi_cts._paths import resource
from ffi_cts.abi import load
from ffi_cts.abi.generate import CDEF, HEADER, outputs
from ffi_cts.abi.layout import LayoutEngine
from ffi_cts.abi.model import load_abi
from ffi_cts.lint import assertions, lint
from support.command import Command

ABI = load().abi

CLAUSES = """
kind = "runtime"

[[clause]]
id = "ERR-ONE-01"
level = "MUST"
profile = "core"
since = "0.1.0"
text = "An error is an error."
source = "c_api.h, somewhere"
requires = ["TVMFFIErrorCreate"]

[[clause]]
id = "ERR-TWO-02"
level = "SHOULD"
profile = "core"
since = "0.1.0"
text = "A hint is a hint."
source = "docs"

[[clause]]
id = "LAYOUT-ONE-01"
level = "MUST"
profile = "core"
since = "0.1.0"
text = "A struct is a struct."
source = "c_api.h, there"
witness = "headers"
"""
CHECKS = """
from ffi_cts.checks import clause

@clause("ERR-ONE-01")
def test_one(runtime):
    pass

@clause("ERR-TWO-02")
def test_two(runtime):
    pass

@clause("LAYOUT-ONE-01")
def test_layout(headers):
    pass
"""
MUTANT = """
/* flaw: no error is an error */
/* violates: ERR-ONE-01 */
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small but complete suite without a hole."""
    root = tmp_path / "suite"
    shutil.copytree(resource("spec") / "abi", root / "spec" / "abi")
    shutil.copytree(resource("include"), root / "include")
    for place, text in (
        ("spec/clauses/errors.toml", CLAUSES),
        ("conformance/errors/test_one.py", CHECKS),
        ("tests/mutants/wrong.c", MUTANT),
    ):
        (root / place).parent.mkdir(parents=True)
        (root / place).write_text(text)
    return root


def edit(tree: Path, place: str, old: str, new: str) -> None:
    text = (tree / place).read_text()
    assert old in text
    (tree / place).write_text(text.replace(old, new, 1))


def test_a_whole_tree_is_green(tree: Path, command: Command) -> None:
    assert lint(tree) == ([], "3 clauses, 3 checks, 1 mutants, 0 benign variants")
    run = command("spec", "lint", "--root", tree)
    assert (run.returncode, run.stderr) == (0, "")


SPEC, CHECK, FLAW = (
    "spec/clauses/errors.toml",
    "conformance/errors/test_one.py",
    "tests/mutants/wrong.c",
)
STRUCTS, CONSTANTS, ABI_H = "spec/abi/structs.toml", "spec/abi/constants.toml", str(HEADER)
HOLES = {
    "duplicate id": (SPEC, "ERR-TWO-02", "ERR-ONE-01", "ERR-ONE-01: the id is used 2 times"),
    "odd id": (SPEC, "ERR-TWO-02", "ERRTWO", "an id looks like"),
    "no level": (SPEC, 'level = "MUST"\n', "", "level"),
    "no source": (SPEC, 'source = "c_api.h, somewhere"\n', "", "source"),
    "empty source": (SPEC, '"c_api.h, somewhere"', '" "', "ERR-ONE-01: no source"),
    "no since": (SPEC, 'since = "0.1.0"\n', "", "since"),
    "empty since": (SPEC, 'since = "0.1.0"\n', 'since = ""\n', "ERR-ONE-01: no since"),
    "no text": (SPEC, '"An error is an error."', '""', "ERR-ONE-01: no text"),
    "unknown level": (SPEC, '"MUST"', '"MAY"', "level 'MAY' is none of"),
    "unknown profile": (SPEC, '"core"', '"kernel"', "profile 'kernel' is none of"),
    "unknown witness": (SPEC, '"headers"', '"nobody"', "witness 'nobody'"),
    "unknown need": (SPEC, "TVMFFIErrorCreate", "TVMFFINothing", "requires TVMFFINothing"),
    "unknown key": (SPEC, "since =", "sinse =", "does not fit"),
    "broken file": (SPEC, "[[clause]]", "[[clause]", "clauses/errors.toml can't be read"),
    "clause without check": (
        CHECK,
        '@clause("ERR-TWO-02")\ndef test_two',
        '@clause("ERR-ONE-01")\ndef test_two',
        "ERR-TWO-02: no check judges it",
    ),
    "check with unknown clause": (
        CHECK,
        "ERR-TWO-02",
        "ERR-TWO-99",
        "names clause ERR-TWO-99, which spec/clauses lacks",
    ),
    "check without clause": (CHECK, '@clause("ERR-TWO-02")\n', "", "test_two: names no clause"),
    "no kind": ("spec/clauses/errors.toml", 'kind = "runtime"\n', "", "set at the top of the file"),
    "mixed levels": (
        CHECK,
        '@clause("ERR-ONE-01")',
        '@clause("ERR-ONE-01", "ERR-TWO-02")',
        "its clauses differ in kind, level or profile",
    ),
    "broken check": (CHECK, "def test_one(", "def test_one((", "test_one.py"),
    "MUST without mutant": (
        FLAW,
        "violates: ERR-ONE-01",
        "violates: ERR-TWO-02",
        "ERR-ONE-01: a MUST clause without a mutant",
    ),
    "mutant of unknown clause": (
        FLAW,
        "ERR-ONE-01",
        "ERR-ONE-01 ERR-SIX-06",
        "violates ERR-SIX-06, which spec/clauses lacks",
    ),
    "mutant without words": (FLAW, "flaw:", "note:", "wrong.c says neither"),
    "generated file out of date": (ABI_H, "Do not edit", "Edited", "abi.h is out of date"),
    "other generated file": (str(CDEF), "Do not edit", "Edited", "abi.cdef is out of date"),
    "wrong enumerator in the header": (
        ABI_H,
        "kTVMFFIInt = 1",
        "kTVMFFIInt = 21",
        'the compiler contradicts the specification: static assertion failed: "kTVMFFIInt',
    ),
    "missing field in the header": (
        ABI_H,
        "  int32_t type_index;\n",
        "",
        "the compiler contradicts the specification",
    ),
}


@pytest.mark.parametrize("name", HOLES)
def test_every_kind_of_hole_is_found(tree: Path, command: Command, name: str) -> None:
    place, old, new, complaint = HOLES[name]
    edit(tree, place, old, new)
    problems, _ = lint(tree)
    assert any(complaint in problem for problem in problems), problems
    if name in ("no level", "broken file", "wrong enumerator in the header"):
        run = command("spec", "lint", "--root", tree)
        assert run.returncode == 1
        assert complaint in run.stdout
        assert run.stderr == ""


@pytest.mark.parametrize(
    ("struct", "change", "complaint"),
    [
        ("size", lambda text: _bump(text, "size"), "its fields give"),
        ("offset", lambda text: _bump(text, "offset"), "its fields give"),
        ("type", lambda text: text.replace('"int32_t"', '"int23_t"', 1), "unknown C type"),
    ],
)
def test_a_wrong_layout_is_found(
    tree: Path, struct: str, change: Callable[[str], str], complaint: str
) -> None:
    text = (tree / STRUCTS).read_text()
    changed = change(text)
    assert changed != text
    (tree / STRUCTS).write_text(changed)
    problems, _ = lint(tree)
    assert any(complaint in problem for problem in problems), problems


def _bump(text: str, key: str) -> str:
    """The first non-zero number of a key, plus 4."""

    def more(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + 4}"

    return re.sub(rf"(\b{key} = )([1-9]\d*)", more, text, count=1)


def test_the_shipped_files_are_what_the_specification_gives() -> None:
    for path, text in outputs(load_abi(resource("spec") / "abi")).items():
        assert resource(str(path)).read_text() == text


@pytest.mark.parametrize(
    ("width", "alignment", "sizes"),
    [
        (8, 8, {"DLTensor": 48, "TVMFFIErrorCell": 72, "TVMFFITypeInfo": 72}),
        (4, 8, {"DLTensor": 40, "TVMFFIErrorCell": 36, "TVMFFITypeInfo": 56}),
        (4, 4, {"DLTensor": 36, "TVMFFIErrorCell": 36, "TVMFFITypeInfo": 48}),
    ],
    ids=["x86-64", "wasm32", "i386"],
)
def test_layouts_of_other_machines(width: int, alignment: int, sizes: dict[str, int]) -> None:
    engine = LayoutEngine(ABI, width, alignment)
    for name, size in {**sizes, "TVMFFIAny": 16, "TVMFFIObject": 24}.items():
        assert engine.layout(ABI.struct(name)).size == size, name


def test_layouts_of_this_machine() -> None:
    engine = LayoutEngine(ABI)
    sizes = {
        "TVMFFIByteArray": 16,
        "TVMFFIFunctionCell": 16,
        "TVMFFIFieldInfo": 120,
        "TVMFFIMethodInfo": 72,
        "TVMFFITypeMetadata": 32,
        "TVMFFITypeAttrColumn": 16,
    }
    for name, size in sizes.items():
        assert engine.layout(ABI.struct(name)).size == size, name
    offsets = engine.layout(ABI.struct("TVMFFIObject")).offsets
    assert (offsets["combined_ref_count"], offsets["type_index"], offsets["deleter"]) == (0, 8, 16)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_the_header_compiles_and_agrees(compiler: str, standard: str, tmp_path: Path) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}")
    language = "c" if standard == "c11" else "c++"
    text = '#include "ffi_cts/abi.h"\n' + assertions(ABI).partition("\n")[2]
    if language == "c++":
        text = text.replace("_Static_assert", "static_assert")
        # The declarations at the end have the linkage of C in the header.
        start = text.rindex("static_assert")
        end = text.index("\n", start) + 1
        text = f'{text[:end]}extern "C" {{\n{text[end:]}}}\n'
    words = [compiler, "-x", language, f"-std={standard}", "-fsyntax-only", "-Wall", "-Wextra"]
    words += ["-Wpedantic", "-Werror", "-I", str(resource("include")), "-"]
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_declarations_for_cffi_agree_with_the_specification() -> None:
    ffi = FFI()
    ffi.cdef(resource(str(CDEF)).read_text())
    for struct in ABI.structs:
        assert ffi.sizeof(struct.name) == struct.size
        for field in struct.flat_fields():
            assert ffi.offsetof(struct.name, field.name) == field.offset
    for enum in ABI.enums:
        names = ffi.typeof(enum.name).relements
        assert {value.name: value.value for value in enum.values} == names


def test_reading_the_specification(command: Command) -> None:
    assert "FUNC-CREATE-04" in command("spec", "list", "FUNC-CREATE-*").stdout
    assert "deleter" in command("spec", "show", "FUNC-CREATE-04").stdout
    narrow = command("spec", "show", "DLTensor", "--pointer-width", "4").stdout
    assert "40" in narrow
    for name in ("NO-SUCH-01", "TVMFFINothing"):
        run = command("spec", "show", name)
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.startswith("ffi-cts: ")
    assert command("spec", "generate", "--check").returncode == 0
