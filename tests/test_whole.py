# SPDX-License-Identifier: Apache-2.0
"""The whole suite on the implementations that the project itself answers for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ffi_cts._paths import resource
from support.command import uncounted

SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-g", "-O1")


def ffi_cts(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ffi_cts", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=uncounted(**environment),
    )


def summary(file: Path) -> dict[str, int]:
    counts: dict[str, int] = json.loads(file.read_text())["summary"]
    return {status: count for status, count in counts.items() if count}


@pytest.mark.slow
@pytest.mark.alone
def test_the_reference_is_conformant(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    done = ffi_cts("run", "reference", "--strict", "--json", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(summary(report)) <= {"pass", "unsupported"}


@pytest.mark.slow
@pytest.mark.alone
def test_mutants_die_and_odd_variants_are_spared() -> None:
    done = ffi_cts("selftest", "--spread")
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr


def test_specification_checks_and_mutants_agree() -> None:
    done = ffi_cts("spec", "lint")
    assert done.returncode == 0, done.stdout


def build_sanitized(folder: Path) -> None:
    include, native = resource("include"), resource("native")
    for name, sources, flags in (
        ("reference", resource("reference_impl"), ["-fvisibility=hidden", "-Wl,-z,nodelete"]),
        ("third", resource("reference_impl"), ["-fvisibility=hidden", "-Wl,-z,nodelete"]),
        ("native", native, ["-D_GNU_SOURCE"]),
    ):
        command = ["gcc", "-std=c11", *SANITIZE, "-fPIC", "-shared", "-pthread", *flags]
        command += ["-I", str(include), *map(str, sorted(sources.glob("*.c")))]
        command += ["-o", str(folder / f"libffi_cts_{name}.so"), "-ldl", "-lm"]
        subprocess.run(command, check=True)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc and its sanitizers")
def test_the_reference_is_clean_under_sanitizers(tmp_path: Path) -> None:
    build_sanitized(tmp_path)
    report = tmp_path / "r.json"
    done = ffi_cts(
        *("run", "reference", "--strict", "--effort", "quick", "--timeout-scale", "4"),
        *("--json", str(report)),
        FFI_CTS_NATIVE_DIR=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(summary(report)) <= {"pass", "unsupported"}


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc and its sanitizers")
def test_a_leak_is_found_by_the_leak_checker(tmp_path: Path) -> None:
    """What only a leak checker can see: memory that a passing check's calls left behind."""
    reference = resource("reference_impl")
    source = tmp_path / "decref_leaves_memory.c"
    source.write_text(
        "#include <stdlib.h>\n"
        "#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef\n"
        '#include "object.c"\n'
        "#undef TVMFFIObjectDecRef\n"
        "FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {\n"
        "  *(volatile char*)malloc(77) = 0;\n"
        "  return correct_TVMFFIObjectDecRef(obj);\n"
        "}\n"
    )
    library = tmp_path / "leaks.so"
    others = [str(file) for file in sorted(reference.glob("*.c")) if file.name != "object.c"]
    command = ["gcc", "-std=gnu11", *SANITIZE, "-fPIC", "-shared", "-pthread"]
    command += ["-fvisibility=hidden", "-I", str(resource("include")), "-I", str(reference)]
    subprocess.run([*command, str(source), *others, "-o", str(library)], check=True)
    done = ffi_cts("run", str(library), "--only", "FUNC-CREATE-*", "--effort", "quick")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "LeakSanitizer finds leaked memory" in done.stdout
