# SPDX-License-Identifier: Apache-2.0
"""The directions that docs/architecture.md draws, held against the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
"""Tests are run in a checkout, also those of an installed package."""

PYTHON = ["harness/ffi_cts", "harness/ffi_cts/bench", "harness/ffi_cts/engine"]

_DRAWING = re.compile(r"^```storeys (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
# A definition at the start of a line: what stands inside of a body is indented.
_DEFINITION = re.compile(
    r"^(?!static\b|typedef\b|extern\b|return\b|#)[A-Za-z_][\w \t\*]*?\b(\w+)\s*\([^;{}]*\)\s*\{",
    re.MULTILINE,
)
_VARIABLE = re.compile(
    r"^(?!static\b|typedef\b|extern\b|return\b|#)[A-Za-z_][\w \t\*]*?\b(\w+)(?: \w+)?(?: =[^;]*)?;",
    re.MULTILINE,
)


def drawings() -> dict[str, dict[str, int]]:
    """For each drawing the storey of each room; the lowest has the highest number."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return {
        folder: {
            room: storey for storey, line in enumerate(body.splitlines()) for room in line.split()
        }
        for folder, body in _DRAWING.findall(text)
    }


def offences(storeys: dict[str, int], uses: dict[tuple[str, str], str]) -> list[str]:
    """What the drawing does not allow: rooms that it lacks, and uses that go up or sideways."""
    found = []
    for (user, used), where in sorted(uses.items()):
        for room in (user, used):
            if room not in storeys:
                found.append(f"{where}: {room} stands in no storey")
        if storeys.get(user, -1) >= storeys.get(used, len(storeys)):
            found.append(f"{where}: {user} uses {used}, which does not stand below it")
    return found


def python_uses(folder: Path, package: str) -> dict[tuple[str, str], str]:
    """Pairs of rooms of which the first imports the second, with a place that shows it."""
    uses: dict[tuple[str, str], str] = {}
    for file in sorted(folder.rglob("*.py")):
        room = file.relative_to(folder).with_suffix("").parts[0]
        for name, line in imports(file):
            parts = name.split(".")
            if name.startswith(f"{package}.") and room != "__init__":
                used = parts[package.count(".") + 1]
                if used != room:
                    uses.setdefault((room, used), f"{file.relative_to(folder)}:{line}")
    return uses


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Full names of the modules that a file imports anywhere, with their lines."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative imports hide directions"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                path = ROOT / "harness" / Path(*name.split("."))
                is_module = path.is_dir() or path.with_suffix(".py").is_file()
                yield (name if is_module else str(node.module)), node.lineno


def c_uses(folder: Path) -> dict[tuple[str, str], str]:
    """Pairs of files of which the first uses a function or variable that the second defines."""
    texts = {
        file.stem: _STRING.sub('""', _COMMENT.sub(" ", file.read_text(encoding="utf-8")))
        for file in sorted(folder.glob("*.c"))
    }
    owner = {
        name: stem
        for stem, text in texts.items()
        for pattern in (_DEFINITION, _VARIABLE)
        for name in pattern.findall(text)
    }
    # What a header defines inline uses other files in the name of the header's own file.
    for file in sorted(folder.glob("*.h")):
        if file.stem in texts:
            code = _STRING.sub('""', _COMMENT.sub(" ", file.read_text(encoding="utf-8")))
            texts[file.stem] += "\n".join(re.findall(r"\{.*?^\}", code, re.MULTILINE | re.DOTALL))
    return {
        (stem, owner[word]): f"{stem}.c ({word})"
        for stem, text in texts.items()
        for word in set(_WORD.findall(text))
        if word in owner and owner[word] != stem
    }


@pytest.mark.parametrize("folder", PYTHON)
def test_python_imports_go_down(folder: str) -> None:
    package = folder.removeprefix("harness/").replace("/", ".")
    uses = python_uses(ROOT / folder, package)
    assert len(uses) > 10, "the imports were not found"
    assert offences(drawings()[folder], uses) == []


@pytest.mark.parametrize("folder", ["reference_impl", "harness/ffi_cts/native"])
def test_functions_of_c_files_are_used_from_above(folder: str) -> None:
    uses = c_uses(ROOT / folder)
    assert len(uses) > 5, "the functions were not found"
    assert offences(drawings()[folder], uses) == []


@pytest.mark.parametrize("folder", PYTHON)
def test_every_room_is_drawn_and_every_drawn_room_exists(folder: str) -> None:
    there = {
        path.stem
        for path in (ROOT / folder).iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    assert set(drawings()[folder]) == there - {"__init__"}


@pytest.mark.parametrize("folder", ["reference_impl", "harness/ffi_cts/native"])
def test_every_c_file_is_drawn(folder: str) -> None:
    assert set(drawings()[folder]) == {path.stem for path in (ROOT / folder).glob("*.c")}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("import ffi_cts.session", "session"),
        ("from ffi_cts import session", "session"),
        ("def late():\n    from ffi_cts.frontends.cli import cli\n", "frontends"),
    ],
)
def test_one_wrong_import_is_seen(tmp_path: Path, text: str, used: str) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "wrong.py").write_text(text)
    uses = python_uses(tmp_path, "ffi_cts")
    (said,) = offences(drawings()["harness/ffi_cts"], uses)
    assert said.startswith("engine/wrong.py:")
    assert f"engine uses {used}, which does not stand below it" in said


def test_one_wrong_call_is_seen(tmp_path: Path) -> None:
    (tmp_path / "low.c").write_text("int low(void) {\n  return high();\n}\n")
    (tmp_path / "high.c").write_text('int high(void) {\n  puts("low()");\n  return 0;\n}\n')
    assert offences({"high": 0, "low": 1}, c_uses(tmp_path)) == [
        "low.c (high): low uses high, which does not stand below it"
    ]
