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
    told = done.stdout + done.stderr
    checks = json.loads(report.read_text())["checks"]
    # On a machine whose cores are all taken, two threads may never be seen to run at once.
    lost = [check for check in checks if check["status"] == "lost"]
    assert all(check["profile"] == "threads" for check in lost), told
    assert done.returncode == (3 if lost else 0), told
    assert set(summary(report)) <= {"pass", "unsupported", "lost"}


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
    """Where memory is handed on most; .ci/run tries the rest."""
    build_sanitized(tmp_path)
    report = tmp_path / "r.json"
    done = ffi_cts(
        *("run", "reference", "--strict", "--effort", "quick", "--timeout-scale", "4"),
        *("--json", str(report), "--only", "REF-*", "--only", "ERR-*", "--only", "TENSOR-*"),
        FFI_CTS_NATIVE_DIR=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(summary(report)) <= {"pass", "unsupported"}
