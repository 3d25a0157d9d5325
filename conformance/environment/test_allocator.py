# SPDX-License-Identifier: Apache-2.0
"""TVMFFIEnvSetDLPackManagedTensorAllocator and its getter."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, native
from ffi_cts.checks.native import CData

ALLOCATORS = [
    ffi.cast("DLPackManagedTensorAllocator", ffi.addressof(native, name))
    for name in ("cts_allocate_first", "cts_allocate_second")
] + [ffi.cast("DLPackManagedTensorAllocator", 0)]
NAMES = ("first", "second", "NULL")
numbers = st.integers(0, 2)


def put(runtime: Runtime, number: int, everywhere: bool = False, original: CData = NULL) -> None:
    """Set allocator ``number`` (2: none) for this thread, and for all if ``everywhere``."""
    code = runtime.TVMFFIEnvSetDLPackManagedTensorAllocator(
        ALLOCATORS[number], int(everywhere), original
    )
    runtime.ok(code, "TVMFFIEnvSetDLPackManagedTensorAllocator")


def name(allocator: CData) -> str:
    known = zip(ALLOCATORS, NAMES, strict=True)
    return next((words for each, words in known if allocator == each), "another one")


def got(runtime: Runtime) -> str:
    return name(runtime.TVMFFIEnvGetDLPackManagedTensorAllocator())


def got_by_other_thread(runtime: Runtime) -> str:
    out = ffi.new("DLPackManagedTensorAllocator*")
    getter = runtime.address("TVMFFIEnvGetDLPackManagedTensorAllocator")
    assert runtime.helper("cts_thread_get_allocator", getter, out) == 0
    return name(out[0])


@clause("ENV-ALLOC-01")
@given(sequence=st.lists(numbers, min_size=1, max_size=5))
def test_get_gives_what_was_set(runtime: Runtime, sequence: list[int]) -> None:
    for number in sequence:
        put(runtime, number)
        found = got(runtime)
        assert found == NAMES[number], f"set {NAMES[number]} for this thread, got {found}"


@clause("ENV-ALLOC-02")
@given(sequence=st.lists(st.tuples(numbers, st.booleans()), min_size=2, max_size=6))
@example(sequence=[(0, True), (1, False), (0, False)])
def test_original_is_what_was_set_before(
    runtime: Runtime, sequence: list[tuple[int, bool]]
) -> None:
    # What the global context holds plays no part: the original is this thread's.
    put(runtime, *sequence[0])
    for (before, _), (number, everywhere) in pairwise(sequence):
        original = ffi.new("DLPackManagedTensorAllocator*")
        put(runtime, number, everywhere, original)
        found = name(original[0])
        assert found == NAMES[before], (
            f"the allocator was {NAMES[before]}, the new one is {NAMES[number]}, "
            f"the original output is {found}"
        )


@clause("ENV-ALLOC-03")
def test_other_threads_do_not_see_it(runtime: Runtime) -> None:
    put(runtime, 0)
    found = got_by_other_thread(runtime)
    assert found == "NULL", f"set for this thread only, another thread gets {found}"


@clause("ENV-ALLOC-04")
@given(sequence=st.lists(st.integers(0, 1), min_size=1, max_size=4))
def test_global_one_reaches_all_threads(runtime: Runtime, sequence: list[int]) -> None:
    for number in sequence:
        put(runtime, number, everywhere=True)
        found = got_by_other_thread(runtime)
        assert found == NAMES[number], f"set {NAMES[number]} for all, another thread gets {found}"
        assert got(runtime) == NAMES[number]


@clause("ENV-ALLOC-05")
def test_global_one_comes_first(runtime: Runtime) -> None:
    put(runtime, 0, everywhere=True)
    put(runtime, 1)
    found = got(runtime)
    assert found == "first", f"first is set for all, second for this thread; got {found}"
