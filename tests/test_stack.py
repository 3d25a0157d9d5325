# SPDX-License-Identifier: Apache-2.0
"""What is told of a death and of a hang: what was touched, and where in the code."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.checks.memory import guarded
from ffi_cts.checks.native import ffi, native
from ffi_cts.engine import sanitizers, trace
from ffi_cts.engine.autopsy import Autopsy, examine
from ffi_cts.engine.child import Child, Ending, Limits
from ffi_cts.engine.crumbs import Crumbs
from support.command import SECONDS

SOURCE = Path(__file__).with_name("support") / "deaths.c"
Act = Callable[[Any], object]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of deaths."""
    file = tmp_path_factory.mktemp("deaths") / "libdeaths.so"
    command = ["gcc", "-O0", "-fstack-protector-all", "-fPIC", "-shared", "-pthread"]
    subprocess.run([*command, str(SOURCE), "-o", str(file)], check=True, timeout=SECONDS)
    return file


def ends(library: Path, act: Act, *, limit: float = 20.0, traced: bool = True) -> Ending:
    """How a child ends that does ``act`` with the library."""

    def body(crumbs: Crumbs) -> bytes:
        loaded = ctypes.CDLL(str(library))
        loaded.freed_page.restype = loaded.object_in_a_page.restype = ctypes.c_void_p
        act(loaded)
        return b"alive"

    return Child(body, Limits(limit, None, trace=traced)).wait()


def dies(library: Path, act: Act) -> Autopsy:
    return examine(ends(library, act), 20.0)


def passes_a_buffer(library: Any) -> None:
    block = guarded(b"12345")
    library.reads(ctypes.c_void_p(int(ffi.cast("uintptr_t", block)) + 6))


def passes_a_freed_buffer(library: Any) -> None:
    block = guarded(b"12345")
    address = int(ffi.cast("uintptr_t", block))
    ffi.release(block)
    library.reads(ctypes.c_void_p(address))


def passes_a_deleted_object(library: Any) -> None:
    obj = ffi.cast("void*", library.object_in_a_page())
    native.cts_spy_deleter(obj, ffi.new("cts_deleter_log*"))
    native.cts_strong_decref(obj)
    library.writes(ctypes.c_void_p(int(ffi.cast("uintptr_t", obj)) + 8))


BEHIND = (
    "read of the guard page behind a buffer of 5 bytes that the check passed, 1 byte behind its end"
)


@pytest.mark.parametrize(
    ("act", "fault", "functions"),
    [
        (lambda it: it.reads(None), "read of NULL", ["inner", "reads"]),
        (lambda it: it.writes(ctypes.c_void_p(24)), "write to NULL + 24", ["inner", "writes"]),
        (lambda it: it.calls(None), "call of NULL", ["no code", "calls"]),
        (
            passes_a_buffer,
            BEHIND,
            ["inner", "reads"],
        ),
        (
            passes_a_freed_buffer,
            "read of a buffer of 5 bytes of the check that is freed",
            ["inner", "reads"],
        ),
        (
            passes_a_deleted_object,
            "write to an object that was deleted, 8 bytes behind its header's begin",
            ["inner", "writes"],
        ),
        (
            lambda it: it.reads(ctypes.c_void_p(it.freed_page())),
            "read of memory that is not there",
            ["inner", "reads"],
        ),
        (
            lambda it: it.writes_a_constant(),
            "write to memory that is only to be read (libdeaths.so)",
            ["inner", "writes_a_constant"],
        ),
        (
            lambda it: it.calls(ctypes.c_void_p(it.object_in_a_page())),
            "call of data, which is no code (memory without a file)",
            ["no code", "calls"],
        ),
        (
            lambda it: it.recurses(0),
            "write to what lies below the stack, which is used up",
            ["recurses"],
        ),
        (lambda it: it.aborts(), "abort was called", [None, None, "abort", "aborts"]),
        (
            lambda it: it.smashes(200),
            "the stack was overwritten (__stack_chk_fail)",
            [None],
        ),
        (lambda it: it.exits(7), "exit was called", ["exit", "exits"]),
        (lambda it: it.reads(ctypes.c_void_p(-8)), "read of NULL - 8", ["inner", "reads"]),
        (
            lambda it: it.frees_twice(),
            "the C library found the heap damaged in free",
            [None],
        ),
        (
            lambda it: it.divides(0),
            "an integer division by zero, or one whose result does not fit",
            ["divides"],
        ),
        (
            lambda it: it.dies_in_a_thread(),
            "write to NULL",
            ["inner", "dies"],
        ),
        (
            lambda it: it.raises(),
            "the signal was sent, by the process itself or from outside",
            [None, "raise", "raises"],
        ),
        (
            lambda it: it.reads(ctypes.c_void_p(0xDEAD_BEEF_DEAD_BEEF)),
            "an address that can't exist (it is not canonical)",
            ["inner", "reads"],
        ),
    ],
)
def test_a_death_says_what_was_touched_and_where(
    library: Path, act: Act, fault: str, functions: list[str | None]
) -> None:
    found = dies(library, act)
    assert found.fault == fault
    for number, (frame, function) in enumerate(zip(found.stack, functions, strict=False)):
        if function is not None:
            assert frame.startswith(f"#{number} {function}"), found.stack
    # Nothing in it differs from run to run, and Python's own frames are left out.
    assert dies(library, act) == found
    assert not any("python" in frame for frame in found.stack)


def test_an_operand_that_must_be_aligned(library: Path) -> None:
    found = dies(library, lambda it: it.misaligned(ctypes.create_string_buffer(64)))
    assert found.fault.startswith("a misaligned address")


def test_a_file_that_is_mapped_twice_has_one_beginning(library: Path) -> None:
    once = dies(library, lambda it: it.maps_itself_and_dies(b"/dev/null")).stack
    twice = dies(library, lambda it: it.maps_itself_and_dies(str(library).encode())).stack
    assert twice == once
    assert twice[0].startswith("#0 inner")


def test_a_deep_stack_shows_both_ends(library: Path) -> None:
    stack = dies(library, lambda it: it.enters()).stack
    assert stack[-1].split("+")[0].endswith(" enters")
    assert "…" in stack
    assert len(stack) < 8
    assert stack[1].endswith(", again and again")


def test_without_symbols_there_are_offsets(library: Path, tmp_path: Path) -> None:
    stripped = tmp_path / "libdeaths.so"
    subprocess.run(["strip", "-o", stripped, library], check=True, timeout=SECONDS)
    inner, outer, *_ = dies(stripped, lambda it: it.reads(None)).stack
    assert inner.startswith("#0 libdeaths.so+0x")
    assert outer.startswith("#1 reads+0x")


def test_a_handler_of_the_librarys_own_is_left_in_its_place(library: Path) -> None:
    ending = ends(library, lambda it: it.handles_its_own())
    assert ending.signal == 11
    assert "a handler of its own" in ending.output
    assert examine(ending, 20.0).stack == ()


def test_who_is_not_asked_to_has_no_handlers(library: Path) -> None:
    ending = ends(library, lambda it: it.reads(None), traced=False)
    assert ending.signal == 11
    assert ending.moments == ()


@pytest.mark.parametrize(
    ("function", "limit", "top"),
    [("spins", 0.5, "spins"), ("deadlocks", 60.0, "deadlocks"), ("sleeps", 0.5, "sleeps")],
)
def test_a_hang_says_where(library: Path, function: str, limit: float, top: str) -> None:
    """Though nobody asked this child to watch how it dies."""
    ending = ends(library, lambda it: getattr(it, function)(), limit=limit, traced=False)
    stack = examine(ending, limit).stack
    assert ending.timed_out
    assert any(f" {top}" in frame for frame in stack), stack
    assert stack[0].startswith("#0 ")
    assert "+0x" not in stack[0], "where in a loop is chance"


def test_a_hang_of_threads_shows_each_of_them(library: Path) -> None:
    ending = ends(library, lambda it: it.hangs_in_threads(), traced=False)
    stack = "\n".join(examine(ending, 20.0).stack)
    assert stack.startswith("thread 1:\n")
    assert "2 threads alike:" in stack
    assert " hangs_in_threads" in stack
    assert " waits" in stack


REPORT = """before
==4242==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x7f bp 0x7
READ of size 8 at 0x602000000010 thread T0
    #0 0x7f0123456789 in drop /home/me/lib/object.c:12
    #1 0x7f0123456799 in TVMFFIObjectDecRef /home/me/lib/object.c:40
    #2 0x7f0123456711  (/usr/lib/python3/_cffi_backend.so+0x1234)
    #3 0x7f0123456711 in main (/usr/bin/python3+0x1234)

0x602000000010 is located 0 bytes inside of 24-byte region
freed by thread T0 here:
    #0 0x7f0123456789 in free (/usr/lib/libasan.so.8+0xb7f88)

SUMMARY: AddressSanitizer: heap-use-after-free /home/me/lib/object.c:12 in drop
"""


def test_a_report_of_a_sanitizer_comes_first() -> None:
    ending = Ending(None, None, 6, None, ("TVMFFIObjectDecRef(x)",), True, REPORT, 0.1)
    found = examine(ending, 1.0)
    first, second = found.message.splitlines()
    assert first == "AddressSanitizer: heap-use-after-free object.c:12 in drop"
    assert second == "killed by SIGABRT inside TVMFFIObjectDecRef(x)"
    assert found.fault == "heap-use-after-free on address 0x…"
    assert found.stack == ("#0 drop object.c:12", "#1 TVMFFIObjectDecRef object.c:40")


def test_an_area_that_was_scribbled_on_breaks_nothing() -> None:
    for byte in (b"\xff", b"\x01", b"\x80"):
        for moment in trace.read(byte * trace.AREA_SIZE, 0):
            examine(Ending(None, None, moment.signal, None, (), False, "", 0.1, (moment,)), 1.0)


def test_a_sanitizer_keeps_its_handlers(monkeypatch: pytest.MonkeyPatch, library: Path) -> None:
    monkeypatch.setenv(sanitizers.MARK, "libasan.so.8")
    assert ends(library, lambda it: it.reads(None)).moments == ()
