# SPDX-License-Identifier: Apache-2.0
"""One function called by many threads."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause


@clause("FUNC-THREAD-01")
@given(threads=st.integers(2, 4))
@example(threads=4)
def test_each_thread_gets_its_own_result(runtime: Runtime, threads: int) -> None:
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    wrong = runtime.helper("cts_threads_call", runtime.api, threads, 200, function)
    assert wrong == 0, f"{wrong} calls failed or gave the result of another thread's call"
    runtime.decref(function)
    assert closure.deletions == 1
