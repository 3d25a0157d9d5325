# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts debug``: one example, in one process, stopped before the call that goes wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from ffi_cts._paths import resource
from ffi_cts.debugging import debuggers
from ffi_cts.debugging.example import Example, without_blob
from ffi_cts.debugging.rehearsal import find
from ffi_cts.session import Options, Session
from support.command import SECONDS, Command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc"),
]
needs_gdb = pytest.mark.skipif(shutil.which("gdb") is None, reason="needs gdb")

FLAW = """
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef
static __attribute__((noinline)) int inner(TVMFFIObjectHandle obj) {
  %s
  __asm__ volatile("");
  return obj == NULL;
}
FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  return inner(obj) + correct_TVMFFIObjectDecRef(obj);
}
"""
BODIES = {
    "crashes": "*(volatile int*)24 = 1;",
    "hangs": "for (volatile int i = 0;; ++i) { }",
    "handles": "signal(SIGSEGV, handler); *(volatile int*)24 = 1;",
    "takes_two": "correct_TVMFFIObjectDecRef(obj);",
    "reads_freed": "void* volatile p = malloc(8); free(p); *(volatile int*)p = 1;",
}
CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"
HANDLES = """
#include <signal.h>
#include <unistd.h>
static __attribute__((unused)) void handler(int number) { signal(number, SIG_DFL); }
"""
QUICK = ("--effort", "quick")


def built(folder: Path, flaw: str, *flags: str) -> Path:
    """The reference with a flaw in TVMFFIObjectDecRef."""
    library, source = folder / f"{flaw}.so", folder / f"{flaw}.c"
    source.write_text("#include <stdlib.h>\n" + HANDLES + FLAW % BODIES[flaw])
    reference = resource("reference_impl")
    sources = [file for file in reference.glob("*.c") if file.stem != "object"]
    command = ["gcc", "-std=gnu11", "-g", "-O1", "-fPIC", "-shared", "-pthread", *flags]
    command += ["-fvisibility=hidden", "-I", str(resource("include")), "-I", str(reference)]
    command += [*map(str, sources), str(source), "-o", str(library)]
    subprocess.run(command, check=True, timeout=SECONDS)
    return library


@pytest.fixture(scope="module")
def crashing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that writes to NULL + 24 whenever an object is released."""
    return built(tmp_path_factory.mktemp("debug"), "crashes")


def in_order(text: str, *parts: str) -> None:
    """Each of the parts stands in the text, behind the one before."""
    at = 0
    for part in parts:
        assert part in text[at:], f"{part!r} is not in\n{text[at:]}\nbut\n{text}"
        at = text.index(part, at) + len(part)


def test_a_library_with_a_handler_of_its_own_has_no_stack(command: Command, tmp_path: Path) -> None:
    """And its crash is told as before."""
    done = command("run", built(tmp_path, "handles"), "--only", "FUNC-CREATE-01", *QUICK)
    in_order(
        done.stdout,
        "killed by SIGSEGV inside TVMFFIObjectDecRef(",
        "fault     not known: the library handles the signal itself",
        "debug     ffi-cts debug ",
    )
    assert "    stack " not in done.stdout


@needs_gdb
def test_a_crash_is_in_the_debugger(command: Command, crashing: Path) -> None:
    done = command("debug", crashing, CREATE, *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    in_order(
        done.stdout,
        "fault     write to NULL + 24",
        "stack     #0 inner",
        "ffi-cts: Stopped before the call TVMFFIObjectDecRef(",
        " 2, TVMFFIObjectDecRef (obj=",
        "SIGSEGV",
        "#0  inner (obj=",
        " in TVMFFIObjectDecRef (obj=",
    )


@needs_gdb
def test_a_hang_is_in_the_debugger(command: Command, tmp_path: Path) -> None:
    library = built(tmp_path, "hangs")
    done = command("debug", library, "FUNC-CREATE-01", *QUICK, "--timeout-scale", "0.3")
    assert done.returncode == 0, done.stdout + done.stderr
    in_order(
        done.stdout,
        "stack     #0 inner (hangs.so)",
        "ffi-cts: Stopped before the call TVMFFIObjectDecRef(",
        "SIGALRM",
        "inner (obj=",
        " in TVMFFIObjectDecRef (obj=",
    )


@needs_gdb
def test_a_program_of_a_state_machine_is_replayed(command: Command, tmp_path: Path) -> None:
    done = command("debug", built(tmp_path, "takes_two"), "REF-MODEL-01", *QUICK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "reproduce_failure" not in done.stdout
    in_order(
        done.stdout,
        "ffi-cts: Stopped before the call TVMFFIObjectDecRef(",
        " 2, TVMFFIObjectDecRef (obj=",
        "Value returned is $1 = 0",
        "ffi-cts: the check ends: fail",
        "ffi-cts: after decref on",
    )


@needs_gdb
def test_a_finding_of_a_sanitizer_is_in_the_debugger(command: Command, tmp_path: Path) -> None:
    library = built(tmp_path, "reads_freed", "-fsanitize=address")
    done = command("debug", library, "FUNC-CREATE-01", *QUICK, "--timeout-scale", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    in_order(
        done.stdout,
        "AddressSanitizer: heap-use-after-free",
        "stack     #0 inner reads_freed.c",
        "ffi-cts: Stopped before the call TVMFFIObjectDecRef(",
        "SIGABRT",
        "in inner (obj=",
        " in TVMFFIObjectDecRef (obj=",
    )
    assert "ERROR: AddressSanitizer: heap-use-after-free" in done.stderr


@needs_gdb
def test_a_core_is_kept(command: Command, crashing: Path, tmp_path: Path) -> None:
    done = command("debug", crashing, "FUNC-CREATE-01", *QUICK, "--keep-core", tmp_path / "cores")
    assert done.returncode == 0, done.stdout + done.stderr
    (core,) = (tmp_path / "cores").iterdir()
    assert f"the core is {core}" in done.stdout
    words = ["gdb", "-q", "-nx", "-batch", "-ex", "bt 2", sys.executable, str(core)]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=SECONDS)
    in_order(shown.stdout, "#0  inner (obj=", " in TVMFFIObjectDecRef (obj=")


def test_without_a_debugger_it_runs_plainly(command: Command, crashing: Path) -> None:
    done = command("debug", crashing, "FUNC-CREATE-01", *QUICK, "--no-debugger")
    assert done.returncode == 0, done.stdout + done.stderr
    in_order(
        done.stdout,
        "runs the example",
        "ffi-cts: call 2 is next: TVMFFIObjectDecRef(",
        "is gone: killed by SIGSEGV",
    )


def test_what_does_not_deviate_is_told_in_a_paragraph(command: Command) -> None:
    done = command("debug", "reference", "FUNC-CREATE-01", *QUICK, "--no-debugger")
    assert done.returncode == 2
    assert "shows no deviation of reference: it passes" in " ".join(done.stderr.split())
    assert not done.stdout


def test_an_interruption_is_no_fault_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(session: Session, jobs: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "carry_out", interrupted)
    with (
        Session(Options(target="reference", effort="quick")) as session,
        pytest.raises(KeyboardInterrupt),
    ):
        find(session, CREATE)


def test_several_checks_are_listed(command: Command) -> None:
    done = command("debug", "reference", "FUNC-CREATE-*", *QUICK, "--no-debugger")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "FUNC-CREATE-* fits 9 checks" in said
    assert CREATE in said


def test_a_check_that_does_not_exist(command: Command) -> None:
    done = command("debug", "reference", "FUNC-NOTHING", "--no-debugger")
    assert done.returncode == 2
    assert "FUNC-NOTHING: no check and no clause has such an id" in " ".join(done.stderr.split())


def test_without_a_debugger_on_the_path_it_says_so(command: Command, tmp_path: Path) -> None:
    done = command("debug", "reference", "FUNC-CREATE-01", env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "neither gdb nor lldb is on the PATH" in said
    assert "--no-debugger" in said


def test_lldb_gets_commands_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "/usr/lib/libasan.so")
    script = tmp_path / "script"
    aim = debuggers.Aim(
        program=["python", "-c", "1"],
        call="TVMFFIObjectDecRef('x')",
        function="TVMFFIObjectDecRef",
        outcome="crash",
        batch=True,
    )
    words, environment = debuggers.command("/usr/bin/lldb", aim, script)
    assert words == ["/usr/bin/lldb", "--batch", "--source", str(script), "--", "python", "-c", "1"]
    assert "LD_PRELOAD" not in environment
    in_order(
        script.read_text(),
        'target.env-vars LD_PRELOAD="/usr/lib/libasan.so"',
        f"breakpoint set --name {debuggers.STOP}",
        "run",
        "breakpoint set --one-shot true --name TVMFFIObjectDecRef",
        "continue",
    )
    assert os.environ["LD_PRELOAD"] == "/usr/lib/libasan.so"


def test_an_example_is_known_by_what_hypothesis_says() -> None:
    text = (
        "a = 1\n\nHypothesis:\nFailing test case: test_x(\n    a=1,\n)\n\n"
        "You can reproduce this example by temporarily adding "
        "@reproduce_failure('6.1.2', b'AAEB') as a decorator on your test case"
    )
    assert Example.of(text) == Example(version="6.1.2", blob="AAEB")
    assert without_blob(text) == "a = 1"
    assert Example.of("Failing explicit example: test_x(a=1)") == Example(explicit=True)
    assert Example.of("") == Example()
