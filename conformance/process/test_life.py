# SPDX-License-Identifier: Apache-2.0
"""Processes that load the library, use it and end."""

import os

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Nonconformance, Undecided, clause, native
from ffi_cts.engine.context import current
from ffi_cts.engine.linux import signal_name

LOAD, USE, UNLOAD, TWICE, THREADS, EXIT_IN_THREAD = range(6)
CANNOT_LOAD, WRONG, NO_THREAD = 99, 98, 97


def live(how: int, code: int, story: str) -> None:
    """Fork a process that loads the library and ends with ``code``; fail unless it does."""
    status = native.cts_live(str(current().subject.path).encode(), how, code)
    if os.WIFSIGNALED(status):
        raise Nonconformance(f"{story}: killed by {signal_name(os.WTERMSIG(status))}")
    ended_with = os.waitstatus_to_exitcode(status)
    if ended_with == NO_THREAD:
        raise Undecided("a thread could not be started")
    assert ended_with != CANNOT_LOAD, f"{story}: the library could not be loaded"
    assert ended_with != WRONG, f"{story}: a call failed, or two loads gave two libraries"
    assert ended_with == code, f"{story}: exited with {ended_with}, not {code}"


@clause("PROC-EXIT-01")
@given(code=st.sampled_from([0, 1, 37]))
def test_process_ends_with_its_own_code(code: int) -> None:
    live(LOAD, code, "a process that loads the library and calls exit")


@clause("PROC-EXIT-02")
@given(code=st.sampled_from([0, 37]), how=st.sampled_from([USE, EXIT_IN_THREAD]))
@example(code=37, how=USE)
@example(code=37, how=EXIT_IN_THREAD)
def test_leftovers_do_no_harm_at_exit(code: int, how: int) -> None:
    live(how, code, "a process that exits with a living object, a pending error and a stream")


@clause("PROC-LOAD-01")
def test_library_can_be_loaded_twice() -> None:
    live(TWICE, 37, "a process that loads the library twice, unloads it once and uses it")


@clause("PROC-LOAD-02")
def test_threads_may_load_it_together() -> None:
    for _ in range(4):
        live(THREADS, 37, "a process whose threads load and use the library together")


@clause("PROC-LOAD-03")
def test_library_can_be_unloaded() -> None:
    live(UNLOAD, 37, "a process that loads, uses and unloads the library")
