# SPDX-License-Identifier: Apache-2.0
"""TVMFFIHandleInitOnce and TVMFFIHandleDeinitOnce."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, alone, clause, contention, ffi, native, values
from ffi_cts.checks.native import CData

RESULT = 0x5EED000
INIT = ffi.cast("int (*)(void**)", ffi.addressof(native, "cts_init_func"))
NESTED = ffi.cast("int (*)(void**)", ffi.addressof(native, "cts_init_nested"))
DEINIT = ffi.cast("int (*)(void*)", ffi.addressof(native, "cts_deinit_func"))

results = st.sampled_from([1, RESULT, 2**63, 2**64 - 1])


def script(runtime: Runtime, *, result: int = RESULT, fails: int = 0) -> CData:
    """Reset the C initialiser; returns its state."""
    state = native.cts_init()
    ffi.memmove(state, bytes(ffi.sizeof("cts_init_state")), ffi.sizeof("cts_init_state"))
    state.api, state.fails = runtime.api, fails
    state.result = ffi.cast("void*", result)
    state.init_once = runtime.address("TVMFFIHandleInitOnce")
    return state


def place(content: int = 0) -> CData:
    return ffi.new("void**", ffi.cast("void*", content))


def address(handle: CData) -> int:
    return int(ffi.cast("uintptr_t", handle[0]))


@clause("INIT-ONCE-01")
@given(result=results, calls=st.integers(1, 5))
def test_initialises_once_and_stores_the_result(runtime: Runtime, result: int, calls: int) -> None:
    state, handle = script(runtime, result=result), place()
    for _ in range(calls):
        runtime.ok(runtime.TVMFFIHandleInitOnce(handle, INIT), "TVMFFIHandleInitOnce")
        assert address(handle) == result, (
            f"expected {result:#x}, the handle is {address(handle):#x}"
        )
    assert state.inits == 1, f"{calls} calls ran the initialiser {state.inits} times"


@clause("INIT-ONCE-02")
@given(content=results)
def test_existing_handle_is_left_alone(runtime: Runtime, content: int) -> None:
    state, handle = script(runtime, result=77), place(content)
    runtime.ok(runtime.TVMFFIHandleInitOnce(handle, INIT), "TVMFFIHandleInitOnce")
    assert address(handle) == content, "a handle that was there has been replaced"
    assert state.inits == 0, "the initialiser ran although the handle was there"


@clause("INIT-ONCE-03")
@given(code=st.sampled_from([-1, 1, -2, 2**31 - 1, -(2**31)]))
def test_failure_is_passed_on(runtime: Runtime, code: int) -> None:
    state, handle = script(runtime, fails=code), place()
    found = runtime.TVMFFIHandleInitOnce(handle, INIT)
    error = runtime.refused(found, f"TVMFFIHandleInitOnce whose initialiser returned {code}")
    message = values.content(runtime.error_cell(error).message)
    assert b"the scripted initialiser fails" in message, f"the error raised says {message!r}"
    runtime.decref(error)
    assert address(handle) == 0, f"the failed initialiser left {address(handle):#x} in the handle"
    state.fails = 0
    runtime.ok(runtime.TVMFFIHandleInitOnce(handle, INIT), "TVMFFIHandleInitOnce after a failure")
    assert (address(handle), state.inits) == (RESULT, 2)


@clause("INIT-ONCE-04")
@given(count=st.integers(2, 6))
def test_handles_are_independent(runtime: Runtime, count: int) -> None:
    state = script(runtime)
    handles = [place() for _ in range(count)]
    for number, handle in enumerate(handles, 1):
        state.result = ffi.cast("void*", RESULT + number)
        runtime.ok(runtime.TVMFFIHandleInitOnce(handle, INIT), "TVMFFIHandleInitOnce")
    assert [address(handle) - RESULT for handle in handles] == list(range(1, count + 1))
    assert state.inits == count


@clause("INIT-ONCE-05")
def test_threads_initialise_once_together(runtime: Runtime) -> None:
    for team in contention(runtime, rounds=8, overlaps=8):
        state, handle = script(runtime), place()
        state.awaits, state.pause_us = 4, 2000
        wrong = team.run("cts_threads_init_once", handle, threads=4, steps=1)
        assert state.inits == 1, f"4 threads ran the initialiser {state.inits} times"
        assert wrong == 0, f"{wrong} threads came back before the handle was there"


@clause("INIT-ONCE-06")
def test_initialiser_may_initialise_another_handle(runtime: Runtime) -> None:
    state, outer, inner = script(runtime), place(), place()
    state.nested = inner

    def nested() -> None:
        runtime.ok(runtime.TVMFFIHandleInitOnce(outer, NESTED), "TVMFFIHandleInitOnce, nested")
        assert (address(inner), state.inits) == (RESULT, 1)
        assert outer[0] != NULL

    alone(nested)


@clause("INIT-DEINIT-01")
@given(content=results, calls=st.integers(1, 4))
def test_deinit_runs_once_with_the_handle(runtime: Runtime, content: int, calls: int) -> None:
    state, handle = script(runtime), place(content)
    for _ in range(calls):
        runtime.ok(runtime.TVMFFIHandleDeinitOnce(handle, DEINIT), "TVMFFIHandleDeinitOnce")
        assert address(handle) == 0, f"the handle still is {address(handle):#x}"
    assert state.deinits == 1, f"{calls} calls ran the finaliser {state.deinits} times"
    given_to = int(ffi.cast("uintptr_t", state.deinit_handle))
    assert given_to == content, f"the handle was {content:#x}, the finaliser got {given_to:#x}"


@clause("INIT-DEINIT-02")
def test_deinit_of_nothing_does_nothing(runtime: Runtime) -> None:
    state, handle = script(runtime), place()
    runtime.ok(runtime.TVMFFIHandleDeinitOnce(handle, DEINIT), "TVMFFIHandleDeinitOnce")
    assert (state.deinits, address(handle)) == (0, 0)


@clause("INIT-DEINIT-03")
@given(rounds=st.integers(2, 5))
def test_handle_can_be_made_again(runtime: Runtime, rounds: int) -> None:
    state, handle = script(runtime), place()
    for done in range(1, rounds + 1):
        runtime.ok(runtime.TVMFFIHandleInitOnce(handle, INIT), "TVMFFIHandleInitOnce")
        assert (address(handle), state.inits) == (RESULT, done)
        runtime.ok(runtime.TVMFFIHandleDeinitOnce(handle, DEINIT), "TVMFFIHandleDeinitOnce")
        assert (address(handle), state.deinits) == (0, done)


@clause("INIT-DEINIT-04")
def test_threads_deinitialise_once_together(runtime: Runtime) -> None:
    deinit = runtime.address("TVMFFIHandleDeinitOnce")
    for team in contention(runtime, rounds=8, overlaps=8):
        state, handle = script(runtime), place(RESULT)
        state.awaits, state.pause_us = 4, 2000
        wrong = team.run("cts_threads_deinit_once", handle, deinit, threads=4, steps=1)
        assert state.deinits == 1, f"4 threads ran the finaliser {state.deinits} times"
        assert wrong == 0, f"{wrong} threads were told of a failure"


@clause("INIT-DEINIT-05")
@given(code=st.sampled_from([-1, 1, -(2**31)]))
def test_failure_of_deinit_is_reported(runtime: Runtime, code: int) -> None:
    state, handle = script(runtime, fails=code), place(RESULT)
    found = runtime.TVMFFIHandleDeinitOnce(handle, DEINIT)
    runtime.decref(runtime.refused(found, f"TVMFFIHandleDeinitOnce, finaliser returned {code}"))
    assert state.deinits == 1
