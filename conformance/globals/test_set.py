# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionSetGlobal."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, native
from ffi_cts.checks.globals import NAMES, PREFIX, get_global, reaches, registered, set_global
from ffi_cts.checks.native import CData


@clause("GLOB-SET-01")
@given(name=NAMES)
@example(name=b"ffi_cts.taken")
@example(name=PREFIX + b"a\0b")
def test_taken_name_is_refused_without_override(runtime: Runtime, name: bytes) -> None:
    old, old_function = registered(runtime, name)
    new = runtime.closure()
    function = runtime.function_create(new)
    code = runtime.TVMFFIFunctionSetGlobal(runtime.byte_array(name), function, 0)
    error = runtime.refused(code, "TVMFFIFunctionSetGlobal of a name that is taken")
    assert reaches(runtime, name, old), "a refused registration took the name away"
    assert new.calls == 0
    for obj in (error, function, old_function):
        runtime.decref(obj)


@clause("GLOB-SET-02")
@given(name=NAMES)
@example(name=b"ffi_cts.replaced")
def test_override_replaces(runtime: Runtime, name: bytes) -> None:
    old, old_function = registered(runtime, name)
    new, new_function = registered(runtime, name, override=True)
    assert reaches(runtime, name, new), "the name does not lead to the function that replaced"
    assert old.calls == 0
    runtime.decref(old_function)
    runtime.decref(new_function)


@clause("GLOB-SET-02")
@given(allow_override=st.integers(-(2**31), 2**31 - 1).filter(bool))
@example(allow_override=2)
@example(allow_override=-1)
@example(allow_override=256)
@example(allow_override=-(2**31))
def test_any_nonzero_number_allows_override(runtime: Runtime, allow_override: int) -> None:
    name = b"ffi_cts.nonzero"
    _, old_function = registered(runtime, name)
    new = runtime.closure()
    function = runtime.function_create(new)
    code = runtime.TVMFFIFunctionSetGlobal(runtime.byte_array(name), function, allow_override)
    runtime.ok(code, f"TVMFFIFunctionSetGlobal with allow_override {allow_override}")
    assert reaches(runtime, name, new), "the name does not lead to the function that replaced"
    runtime.decref(old_function)
    runtime.decref(function)


@clause("GLOB-SET-10")
@given(times=st.integers(1, 4))
@example(times=1)
def test_function_may_replace_itself(runtime: Runtime, times: int) -> None:
    closure, function = registered(runtime, b"ffi_cts.itself")
    for _ in range(times):
        set_global(runtime, b"ffi_cts.itself", function, override=True)
    runtime.decref(function)
    assert closure.deletions == 0, "a function that replaced itself died while it has a name"
    assert reaches(runtime, b"ffi_cts.itself", closure)


@clause("GLOB-SET-03")
@given(number=st.integers(0, 10**9), override=st.booleans())
@example(number=0, override=True)
@example(number=1, override=False)
def test_new_name_needs_no_override_and_allows_it(
    runtime: Runtime, number: int, override: bool
) -> None:
    name = b"ffi_cts.new.%d.%d" % (number, override)
    if get_global(runtime, name) != NULL:
        return  # the same example again: names can't be taken back
    closure = runtime.closure()
    function = runtime.function_create(closure)
    set_global(runtime, name, function, override)
    assert reaches(runtime, name, closure)
    runtime.decref(function)


@clause("GLOB-SET-04")
@given(overrides=st.integers(1, 4))
@example(overrides=1)
def test_handle_of_a_replaced_function_stays_good(runtime: Runtime, overrides: int) -> None:
    old, old_function = registered(runtime, b"ffi_cts.handle")
    handle = get_global(runtime, b"ffi_cts.handle")
    runtime.decref(old_function)
    for _ in range(overrides):
        _, function = registered(runtime, b"ffi_cts.handle", override=True)
        runtime.decref(function)
    assert old.deletions == 0, "a function died while a caller held a handle to it"
    runtime.ok(runtime.call(handle)[0], "TVMFFIFunctionCall of a function that was replaced")
    assert old.calls == 1
    runtime.decref(handle)


@clause("GLOB-SET-05")
@given(name=NAMES)
@example(name=b"ffi_cts.owned")
def test_the_table_has_a_reference_of_its_own(runtime: Runtime, name: bytes) -> None:
    closure, function = registered(runtime, name)
    runtime.decref(function)
    assert closure.deletions == 0, "a global function died with the reference of its registrar"
    assert reaches(runtime, name, closure)
    assert closure.deletions == 0


@clause("GLOB-SET-06")
@given(name=NAMES)
@example(name=b"ffi_cts.refused")
def test_refused_function_is_not_kept(runtime: Runtime, name: bytes) -> None:
    _, old_function = registered(runtime, name)
    refused = runtime.closure()
    function = runtime.function_create(refused)
    code = runtime.TVMFFIFunctionSetGlobal(runtime.byte_array(name), function, 0)
    runtime.decref(runtime.refused(code, "TVMFFIFunctionSetGlobal of a name that is taken"))
    assert refused.deletions == 0, "a refused registration took the caller's reference"
    runtime.decref(function)
    assert refused.deletions == 1, "a refused registration left a reference behind"
    runtime.decref(old_function)


@clause("GLOB-SET-07")
@given(names=st.lists(NAMES, min_size=2, max_size=4, unique=True))
@example(names=[b"ffi_cts.first", b"ffi_cts.second"])
def test_one_function_may_have_many_names(runtime: Runtime, names: list[bytes]) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    for name in names:
        set_global(runtime, name, function, override=True)
    runtime.decref(function)
    for name in names:
        assert reaches(runtime, name, closure)
    _, other = registered(runtime, names[0], override=True)
    runtime.decref(other)
    assert closure.deletions == 0, "a function died with the first of its names"
    for name in names[1:]:
        assert reaches(runtime, name, closure), "one name's replacement changed another name"


@clause("GLOB-SET-08")
@given(name=NAMES)
@example(name=b"ffi_cts.success")
def test_success_raises_nothing(runtime: Runtime, name: bytes) -> None:
    _, function = registered(runtime, name)
    assert runtime.take_raised() == NULL, "a successful registration left an error"
    runtime.decref(function)


@clause("GLOB-SET-09")
def test_replaced_function_is_released(runtime: Runtime) -> None:
    old, old_function = registered(runtime, b"ffi_cts.released")
    runtime.decref(old_function)
    _, new_function = registered(runtime, b"ffi_cts.released", override=True)
    assert old.deletions == 1, "a function that was replaced is kept for ever"
    runtime.decref(new_function)


@clause("GLOB-SET-11")
def test_deleter_of_a_replaced_function_may_use_the_table(runtime: Runtime) -> None:
    name, other = b"ffi_cts.calls_back", b"ffi_cts.from_a_deleter"
    found: list[bool] = []

    def delete(_: CData) -> None:
        function = get_global(runtime, name)
        set_global(runtime, other, function, override=True)
        found.append(function != NULL)
        runtime.decref(function)

    closure = runtime.closure()
    call = ffi.cast("TVMFFISafeCallType", ffi.addressof(native, "cts_closure_call"))
    deleter = runtime.keep(ffi.callback("void(void*)", delete))
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFIFunctionCreate(closure.data, call, deleter, out)
    runtime.ok(code, "TVMFFIFunctionCreate")
    set_global(runtime, name, out[0])
    runtime.decref(out[0])
    new, new_function = registered(runtime, name)
    assert found in ([], [True]), "the name was missing while its function was replaced"
    assert reaches(runtime, name, new)
    runtime.decref(new_function)
