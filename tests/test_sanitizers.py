# SPDX-License-Identifier: Apache-2.0
"""Libraries that were built with sanitizers: judged as they are; what leaks is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts._paths import resource
from ffi_cts.engine import sanitizers
from ffi_cts.errors import UsageError
from support.command import SECONDS, Command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc and its sanitizers"),
]

CREATE = resource("conformance") / "functions" / "test_create.py"
LEAKS = """
#include <stdlib.h>
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef
FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  *(volatile char*)malloc(77) = 0;
  return correct_TVMFFIObjectDecRef(obj);
}
"""
CRASHES = """
#include <signal.h>
#include <unistd.h>
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef
static void handler(int number) { _exit(number); }
static void __attribute__((constructor)) begin(void) { signal(SIGSEGV, handler); }
static void touch(int* at) { *(volatile int*)at = 1; }
FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  touch((int*)24);
  return obj == NULL;
}
"""
Build = Callable[..., Path]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the reference as anybody builds a library, or with a leak; each build once."""
    folder = tmp_path_factory.mktemp("sanitized")
    (folder / "leaks.c").write_text(LEAKS)
    (folder / "crashes.c").write_text(CRASHES)

    def built(sanitizer: str, *, leaks: bool = False, crashes: bool = False) -> Path:
        library = folder / f"{sanitizer}-{leaks}-{crashes}.so"
        if library.exists():
            return library
        reference = resource("reference_impl")
        wrong = [folder / "leaks.c"] * leaks + [folder / "crashes.c"] * crashes
        sources = [file for file in reference.glob("*.c") if not (wrong and file.stem == "object")]
        sources += wrong
        command = ["gcc", "-std=gnu11", f"-fsanitize={sanitizer}", "-g", "-O1", "-fPIC", "-shared"]
        command += ["-pthread", "-fvisibility=hidden", "-I", str(resource("include"))]
        command += ["-I", str(reference), *map(str, sources), "-o", str(library)]
        subprocess.run(command, check=True, timeout=SECONDS)
        return library

    return built


@pytest.mark.parametrize("sanitizer", ["address,undefined", "undefined", "thread"])
def test_a_sanitized_library_is_conformant(command: Command, build: Build, sanitizer: str) -> None:
    """Also where another library is unloaded, which takes what it had allocated along."""
    only = ["--only", "FUNC-CREATE-01", "--only", "deletion/unload::*function*"]
    done = command("run", build(sanitizer), *only, "--effort", "quick", "--timeout-scale", "4")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("leaks", [False, True])
def test_what_leaks_is_found_and_nothing_else(command: Command, build: Build, leaks: bool) -> None:
    library = build("address,undefined", leaks=leaks)
    done = command(
        *("run", library, "--only", "FUNC-CREATE-01", "--effort", "quick"),
        *("--timeout-scale", "4"),
    )
    assert done.returncode == int(leaks), done.stdout + done.stderr
    assert ("LeakSanitizer finds leaked memory" in done.stdout) is leaks


def test_its_own_report_of_a_crash_comes_first(command: Command, build: Build) -> None:
    """Whatever handler the library has, and though the suite puts default ones back."""
    library = build("address", crashes=True)
    done = command(
        *("run", library, "--only", "FUNC-CREATE-01", "--effort", "quick"),
        *("--timeout-scale", "4"),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    texts = [" ".join(line.split()) for line in done.stdout.splitlines()]
    headline = texts.index("AddressSanitizer: SEGV crashes.c:9 in touch")
    assert texts[headline - 1].startswith("message FUNC-CREATE-01")
    assert texts[headline + 1].startswith("killed by SIGABRT inside TVMFFIObjectDecRef")
    assert "fault SEGV on unknown address NULL + 24" in texts
    assert "stack #0 touch crashes.c:9" in texts
    assert any(line.startswith("output SUMMARY: AddressSanitizer") for line in texts)
    assert not re.search(r"0x[0-9a-f]{6}", done.stdout)


@pytest.mark.parametrize("leaks", [False, True])
def test_under_pytest_it_is_the_same(
    command: Command, build: Build, tmp_path: Path, leaks: bool
) -> None:
    library = build("address,undefined", leaks=leaks)
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "ffi_cts.pytest_entry"]
    words += [str(CREATE), "-k", "deleter_runs_once", "--ffi-target", str(library)]
    words += ["--ffi-effort", "quick", "--ffi-timeout-scale", "4"]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env=command.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == int(leaks), done.stdout + done.stderr
    assert ("LeakSanitizer finds leaked memory" in done.stdout) is leaks


def test_a_program_that_can_not_be_started_again_is_told_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FFI_CTS_SANITIZER", raising=False)
    monkeypatch.setattr(sys, "orig_argv", [])
    with pytest.raises(UsageError, match=r"libasan\.so\.8") as error:
        sanitizers.preload(["libc.so.6", "libasan.so.8"])
    assert "LD_PRELOAD=" in (error.value.hint or "")
