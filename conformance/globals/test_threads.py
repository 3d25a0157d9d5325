# SPDX-License-Identifier: Apache-2.0
"""Lookups of many threads at once, and those of one after another has registered."""

from concurrent.futures import ThreadPoolExecutor

from ffi_cts.checks import Behaviour, Runtime, clause, contention
from ffi_cts.checks.globals import reaches, registered, set_global

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


@clause("GLOB-THREAD-02")
def test_replacement_by_another_thread_is_found(runtime: Runtime) -> None:
    name = b"ffi_cts.replaced_elsewhere"
    old, old_function = registered(runtime, name)
    assert reaches(runtime, name, old)
    new = runtime.closure()
    function = runtime.function_create(new)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(set_global, runtime, name, function, override=True).result()
    assert reaches(runtime, name, new), "a thread misses what another one registered"
    runtime.decref(old_function)
    runtime.decref(function)
