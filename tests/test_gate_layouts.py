# SPDX-License-Identifier: Apache-2.0
"""Where a library lies, what it is called, and what the environment holds change no count."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ffi_cts._paths import reference_library
from ffi_cts.bench.meters.surroundings import LAYOUTS, SHIFT, alias, padded
from support.command import Command
from support.gate import CALLS, COUNT, Gate, compare, injected, verdicts

pytestmark = pytest.mark.slow

needs_valgrind = pytest.mark.skipif(
    shutil.which("valgrind") is None, reason="valgrind is not installed"
)


@pytest.fixture(scope="module")
def gate(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(command, tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def restless(gate: Gate) -> Path:
    """Counts of a library whose calls cost 12 instructions more where the heap lies in a way."""
    return gate.saved("restless", restless=12)


@needs_valgrind
@pytest.mark.parametrize(
    "name", ["b.so", "deep/" * 3 + "libof_a_middling_name.so", f"{'long' * 50}/{'name' * 55}.so"]
)
def test_a_copy_is_as_fast_wherever_it_lies(
    command: Command, tmp_path: Path, gate: Gate, restless: Path, name: str
) -> None:
    copy = tmp_path / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(gate.library("restless"), copy)
    code, data, said = compare(command, tmp_path, restless, copy, "--gate", *COUNT)
    assert code == 0, said
    assert set(verdicts(data).values()) == {"same"}
    for change in data["changes"]:
        counted = change["instructions"]
        assert counted["base"] == counted["candidate"]
        base, candidate = counted["ranges"]
        assert base == candidate
        # The library is restless indeed, so that something is shown here.
        assert base[1] - base[0] == (12 if change["op"] in CALLS else 0)


@needs_valgrind
@pytest.mark.parametrize("before", [16, 100])
def test_what_layout_alone_moves_is_no_change(
    command: Command, tmp_path: Path, gate: Gate, restless: Path, before: int
) -> None:
    other = gate.library(f"before{before}", restless=12, before=before)
    code, data, said = compare(command, tmp_path, restless, other, "--gate", *COUNT)
    assert code == 0, said
    assert set(verdicts(data).values()) == {"same"}


@needs_valgrind
def test_a_change_is_told_of_a_restless_library_too(
    command: Command, tmp_path: Path, gate: Gate, restless: Path
) -> None:
    slower = gate.library("restless21", restless=12, extra=21)
    code, data, said = compare(command, tmp_path, restless, slower, "--gate", *COUNT)
    assert code == 1, said
    assert {op for op, verdict in verdicts(data).items() if verdict == "slower"} == CALLS
    for change in data["changes"]:
        if change["op"] in CALLS:
            base, candidate = change["instructions"]["ranges"]
            assert candidate == [count + 21 for count in base]


@needs_valgrind
def test_a_saved_count_does_not_hang_on_the_environment(
    command: Command, tmp_path: Path, gate: Gate, restless: Path
) -> None:
    copy = shutil.copy(gate.library("restless"), tmp_path / f"{'x' * 100}.so")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    other = {"A": "x" * 3333, "B": "y" * 20, "LANG": "C.UTF-8", "TMPDIR": str(temporary)}
    code, data, said = compare(command, tmp_path, restless, copy, "--gate", *COUNT, env=other)
    assert code == 0, said
    for change in data["changes"]:
        base, candidate = change["instructions"]["ranges"]
        assert base == candidate


@pytest.mark.parametrize("layout", [0, 3])
@pytest.mark.parametrize("extra", [{}, {"A": "b"}, {"C": "x" * 5000}, dict.fromkeys("DEFGH", "")])
def test_what_lies_above_the_stack_has_one_size(extra: dict[str, str], layout: int) -> None:
    words = ["driver", "time", "lib.so"]
    made = padded(words, {"PATH": "/bin", **extra}, layout)
    strings = [*words, *(f"{name}={text}" for name, text in made.items())]
    assert sum(len(string) + 1 + 8 for string in strings) % 4096 == layout * SHIFT % 4096
    assert len(made) % 64 == 0
    assert made["PATH"] == "/bin"


def test_layouts_differ_in_a_page_and_in_a_line() -> None:
    for size in (4096, 64):
        assert len({layout * SHIFT % size for layout in range(LAYOUTS)}) == LAYOUTS
    assert SHIFT % 16 == 0, "what malloc gives is aligned"


@pytest.mark.parametrize("depth", [1, 40, 120])
def test_an_alias_has_one_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    library = tmp_path / ("d" * depth) / "lib.so"
    library.parent.mkdir()
    shutil.copy(reference_library(), library)
    temporary = tmp_path / ("t" * 7)
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with alias(library) as one, alias(reference_library()) as other:
        assert len(str(one)) == len(str(other))
        assert len(str(one.parent)) == len(str(other.parent))
        assert one.samefile(library)
        assert other.samefile(reference_library())
    assert not list(temporary.iterdir())


def test_a_library_finds_its_neighbours_by_its_alias(tmp_path: Path) -> None:
    far = tmp_path / "top" / "deps"
    library = tmp_path / "top" / "build" / "lib" / "libcalls.so"
    for folder in (far, library.parent):
        folder.mkdir(parents=True)
    neighbour = Path(shutil.copy(reference_library(), library.parent / "libneighbour.so"))
    distant = Path(shutil.copy(reference_library(), far / reference_library().name))
    injected().build(library.parent, distant, library.name, runpath="$ORIGIN/../../deps")
    with alias(library) as path:
        assert (path.parent / neighbour.name).samefile(neighbour)
        script = "import ctypes, sys; ctypes.CDLL(sys.argv[1]).TVMFFIFunctionCall"
        subprocess.run([sys.executable, "-c", script, path], check=True)


def test_a_released_package_is_found_round_its_alias(tmp_path: Path) -> None:
    package = tmp_path / "site" / "tvm_ffi"
    (package / "lib").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    library = package / "lib" / "libtvm_ffi.so"
    shutil.copy(reference_library(), library)
    with alias(library) as path, alias(reference_library()) as other:
        assert path.parts[-3:] == ("tvm_ffi", "lib", "libtvm_ffi.so")
        assert (path.parents[1] / "__init__.py").exists()
        assert len(os.fspath(path)) == len(os.fspath(other))
        assert len(os.fspath(path.parent)) == len(os.fspath(other.parent))
