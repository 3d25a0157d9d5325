# SPDX-License-Identifier: Apache-2.0
"""Lookups of many threads at once, while nothing is registered."""

from ffi_cts.checks import Behaviour, Runtime, clause, contention
from ffi_cts.checks.globals import set_global

THREADS = 2


@clause("GLOB-THREAD-01")
def test_every_thread_finds_the_function(runtime: Runtime) -> None:
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    set_global(runtime, b"ffi_cts.shared", function, override=True)
    name = runtime.byte_array(b"ffi_cts.shared")
    for team in contention(runtime, rounds=8):
        before = runtime.strong(function)
        wrong = team.run("cts_threads_call_global", name)
        assert wrong == 0, "lookups or calls went wrong"
        assert closure.deletions == 0
        more = runtime.strong(function) - before
        # A library may keep what a thread has looked up, at most once for each of them.
        assert 0 <= more <= THREADS, (
            f"all that was looked up has been released, and there are {more} references more"
        )
    assert runtime.strong(function) >= 2, "the table's reference is gone"
    runtime.decref(function)
