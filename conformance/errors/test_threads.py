# SPDX-License-Identifier: Apache-2.0
"""Each thread has a raised error of its own."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, contention, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL


@clause("ERR-THREAD-01")
@given(pending=st.booleans())
@example(pending=True)
@example(pending=False)
def test_other_threads_do_not_see_the_error(runtime: Runtime, pending: bool) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    if pending:
        runtime.TVMFFIErrorSetRaised(error)
    seen = ffi.new("TVMFFIObjectHandle*")
    assert runtime.helper("cts_thread_take_raised", runtime.api, seen) == 0
    assert seen[0] == NULL, "another thread sees the error of this one"
    mine = runtime.take_raised()
    assert mine == (error if pending else NULL), "another thread took the error of this one"
    assert deletions.calls == 0


@clause("ERR-THREAD-02")
@given(pending=st.booleans())
@example(pending=True)
@example(pending=False)
def test_errors_of_other_threads_do_not_come_here(runtime: Runtime, pending: bool) -> None:
    theirs, _ = runtime.foreign(ERROR, ERROR_CELL)
    mine, deletions = runtime.foreign(ERROR, ERROR_CELL)
    if pending:
        runtime.TVMFFIErrorSetRaised(mine)
    assert runtime.helper("cts_thread_raise_and_exit", runtime.api, theirs) == 0
    found = runtime.take_raised()
    assert found == (mine if pending else NULL), "an error raised in another thread came here"
    assert deletions.calls == 0


@clause("ERR-THREAD-03")
def test_threads_that_raise_at_once_get_their_own(runtime: Runtime) -> None:
    # Three, since two may each have a slot of their own where the rest share one.
    for done, team in enumerate(contention(runtime, rounds=6, overlaps=100)):
        mismatches = team.run("cts_threads_raise", threads=2 + done % 2)
        assert mismatches == 0, "a thread did not get the error that it raised"


@clause("ERR-THREAD-04")
@given(threads=st.integers(1, 4))
@example(threads=1)
def test_error_of_an_ending_thread_is_released(runtime: Runtime, threads: int) -> None:
    error, deletions = runtime.foreign(ERROR, ERROR_CELL)
    for _ in range(threads):
        assert runtime.helper("cts_thread_raise_and_exit", runtime.api, error) == 0
    assert deletions.calls == 0
    runtime.decref(error)
    assert deaths(deletions) == 1, "an error pending in a thread that ended is never released"
