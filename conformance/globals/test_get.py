# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionGetGlobal."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.globals import NAMES, PREFIX, get_global, look_up, reaches, registered
from ffi_cts.checks.names import texts
from ffi_cts.checks.texts import NEAR, one_byte_apart, overwrite
from ffi_cts.checks.types import fresh


@clause("GLOB-GET-01")
@given(name=NAMES)
@example(name=b"ffi_cts.no_such_function")
def test_missing_name_is_no_failure(runtime: Runtime, name: bytes) -> None:
    assert get_global(runtime, b"missing." + name) == NULL
    assert runtime.take_raised() == NULL, "looking up a missing name left an error"


@clause("GLOB-GET-02")
@given(name=NAMES)
@example(name=PREFIX)
@example(name=PREFIX + b"a\0b")
@example(name=PREFIX + "ü".encode())
@example(name=PREFIX + b"n" * 70_000)
def test_registered_function_is_found(runtime: Runtime, name: bytes) -> None:
    closure, function = registered(runtime, name)
    assert reaches(runtime, name, closure), (
        "the call did not reach the function that was registered"
    )
    runtime.decref(function)


@clause("GLOB-GET-02")
@given(tail=texts(24))
@example(tail=b"")
def test_missing_name_is_found_once_it_is_registered(runtime: Runtime, tail: bytes) -> None:
    name = fresh(tail)
    for _ in range(2):
        assert get_global(runtime, name) == NULL
    closure, function = registered(runtime, name, override=False)
    assert reaches(runtime, name, closure), "a name that was missing once stays missing"
    runtime.decref(function)


@clause("GLOB-GET-02")
@given(size=st.integers(1, 40))
@example(size=8)
def test_memory_of_a_name_may_hold_another_one(runtime: Runtime, size: int) -> None:
    names = [PREFIX + letter * size for letter in (b"a", b"b")]
    array = runtime.byte_array(names[0])
    found = [(name, *registered(runtime, name)) for name in names]
    for name, closure, _ in (*found, found[0]):
        overwrite(array, name)
        before = closure.calls
        handle = look_up(runtime, array)
        assert handle != NULL, f"{name!r} is not found where another name was"
        runtime.ok(runtime.call(handle)[0], "TVMFFIFunctionCall of a global function")
        assert closure.calls == before + 1, f"{name!r} leads to the name that was there before"
        runtime.decref(handle)
    for _, _, function in found:
        runtime.decref(function)


@clause("GLOB-GET-03")
@given(gets=st.integers(1, 16))
@example(gets=1)
def test_each_get_gives_a_reference(runtime: Runtime, gets: int) -> None:
    closure, function = registered(runtime, b"ffi_cts.counted")
    handles = [get_global(runtime, b"ffi_cts.counted") for _ in range(gets)]
    runtime.decref(function)
    other, replacement = registered(runtime, b"ffi_cts.counted", override=True)
    runtime.decref(replacement)
    # Nothing but the handles is sure to keep the function now.
    for handle in handles:
        assert closure.deletions == 0, "a handle from TVMFFIFunctionGetGlobal owned nothing"
        runtime.ok(runtime.call(handle)[0], "TVMFFIFunctionCall")
        runtime.decref(handle)
    assert closure.calls == gets
    assert other.calls == 0


@clause("GLOB-GET-04")
@given(gets=st.integers(1, 16))
@example(gets=3)
def test_releasing_what_get_gave_leaves_the_table_alone(runtime: Runtime, gets: int) -> None:
    closure, function = registered(runtime, b"ffi_cts.kept")
    runtime.decref(function)
    for _ in range(gets):
        runtime.decref(get_global(runtime, b"ffi_cts.kept"))
        assert closure.deletions == 0, "the table lost its function to a caller's release"
    assert reaches(runtime, b"ffi_cts.kept", closure)


@clause("GLOB-NAME-01")
@given(name=NAMES, tail=texts(8, min_size=1))
@example(name=PREFIX + b"name", tail=b"\0")
@example(name=PREFIX + b"name", tail=b"s")
@example(name=PREFIX, tail=b"\0more")
def test_names_are_compared_over_their_whole_size(
    runtime: Runtime, name: bytes, tail: bytes
) -> None:
    short, short_function = registered(runtime, name)
    long, long_function = registered(runtime, name + tail)
    assert reaches(runtime, name, short), "a longer name took the place of a shorter one"
    assert reaches(runtime, name + tail, long), "a shorter name took the place of a longer one"
    assert get_global(runtime, b"missing." + name) == NULL
    runtime.decref(short_function)
    runtime.decref(long_function)


@clause("GLOB-NAME-01")
@given(names=NEAR)
@example(names=(b"CaSe", b"Case"))
@example(names=one_byte_apart(100, 50))
@example(names=one_byte_apart(5000, 4000))
def test_names_that_differ_in_one_byte_are_two(
    runtime: Runtime, names: tuple[bytes, bytes]
) -> None:
    prefix = fresh()
    one, other = (prefix + name for name in names)
    first, first_function = registered(runtime, one)
    assert get_global(runtime, other) == NULL, "a function was found by another name"
    second, second_function = registered(runtime, other)
    assert reaches(runtime, one, first), "another name took the place of this one"
    assert reaches(runtime, other, second)
    runtime.decref(first_function)
    runtime.decref(second_function)


@clause("GLOB-NAME-02")
@given(name=NAMES)
@example(name=b"ffi_cts.copied")
def test_name_is_copied(runtime: Runtime, name: bytes) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    array = runtime.byte_array(name)
    runtime.ok(runtime.TVMFFIFunctionSetGlobal(array, function, 1), "TVMFFIFunctionSetGlobal")
    ffi.memmove(ffi.cast("char*", array.data), b"#" * len(name), len(name))
    assert reaches(runtime, name, closure), "the name changed with the caller's memory"
    assert get_global(runtime, b"#" * len(name)) == NULL
    runtime.decref(function)
