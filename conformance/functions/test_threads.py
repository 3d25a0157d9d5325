# SPDX-License-Identifier: Apache-2.0
"""One function called by many threads."""

from ffi_cts.checks import Behaviour, Runtime, clause, contention


@clause("FUNC-THREAD-01")
def test_each_thread_gets_its_own_result(runtime: Runtime) -> None:
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    for team in contention(runtime):
        wrong = team.run("cts_threads_call", function)
        assert wrong == 0, "calls failed or gave the result of another thread's call"
    runtime.decref(function)
    assert closure.deletions == 1
