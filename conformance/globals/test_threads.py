# SPDX-License-Identifier: Apache-2.0
"""Lookups of many threads at once, while nothing is registered."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause
from ffi_cts.checks.globals import set_global


@clause("GLOB-THREAD-01")
@given(threads=st.integers(2, 4))
@example(threads=4)
def test_every_thread_finds_the_function(runtime: Runtime, threads: int) -> None:
    closure = runtime.closure(Behaviour.ECHO)
    function = runtime.function_create(closure)
    set_global(runtime, b"ffi_cts.shared", function, override=True)
    name = runtime.byte_array(b"ffi_cts.shared")
    wrong = runtime.helper("cts_threads_call_global", runtime.api, threads, 100, name)
    assert wrong == 0, f"{wrong} lookups or calls went wrong"
    assert closure.deletions == 0
    assert runtime.strong(function) >= 2, "the table's reference is gone"
    runtime.decref(function)
