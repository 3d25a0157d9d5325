# SPDX-License-Identifier: Apache-2.0
"""The second library of a run: loaded where it lies, so that it finds what lies beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ffi_cts._paths import resource
from ffi_cts.engine.program import run
from ffi_cts.selftest.variants import compiler
from support.command import Command

pytestmark = pytest.mark.slow

CHECKS = ["--effort", "quick", "--only", "XLIB-CALL-*"]


@pytest.fixture(scope="module")
def dependent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference, linked with a library that is found beside it only."""
    folder = tmp_path_factory.mktemp("dependent")
    (folder / "neighbour.c").write_text("int neighbour(void) { return 7; }\n")
    (folder / "uses.c").write_text(
        "int neighbour(void);\n"
        "__attribute__((constructor)) static void begin(void) {\n"
        "  if (neighbour() != 7) __builtin_trap();\n"
        "}\n"
    )
    reference = resource("reference_impl")
    shared: list[str | Path] = [compiler(), "-shared", "-fPIC", "-pthread"]
    flags: list[str | Path] = [
        "-std=c11",
        "-D_GNU_SOURCE",
        "-fvisibility=hidden",
        "-I",
        resource("include"),
    ]
    library = folder / "libdependent.so"
    commands: list[list[str | Path]] = [
        [*shared, folder / "neighbour.c", "-o", folder / "libneighbour.so"],
        [
            *(*shared, *flags, folder / "uses.c", *sorted(reference.glob("*.c"))),
            *("-L", folder, "-lneighbour", "-Wl,-rpath,$ORIGIN", "-o", library),
        ],
    ]
    for words in commands:
        ending = run(words, seconds=300)
        assert ending.succeeded, ending.errors
    return library


@pytest.mark.parametrize("subject", ["another", "the same"])
def test_it_finds_its_neighbours(
    command: Command, dependent: Path, tmp_path: Path, subject: str
) -> None:
    target = "reference" if subject == "another" else str(dependent)
    file = tmp_path / "report.json"
    judged = command("run", target, "--against", dependent, *CHECKS, "--json", file)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    report = json.loads(file.read_text())
    assert {check["status"] for check in report["checks"]} == {"pass"}
