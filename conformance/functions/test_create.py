# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionCreate."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.native import CData
from ffi_cts.checks.values import INDEX, name


@clause("FUNC-CREATE-01")
def test_result_is_a_function_object(runtime: Runtime) -> None:
    function = runtime.function_create(runtime.closure())
    found = runtime.type_index(function)
    assert found == INDEX["Function"], f"TVMFFIFunctionCreate made an object of type {name(found)}"
    runtime.decref(function)


@clause("FUNC-CREATE-02")
@given(deleter=st.booleans())
@example(deleter=True)
@example(deleter=False)
def test_cell_offers_a_safe_call(runtime: Runtime, deleter: bool) -> None:
    function = runtime.function_create(runtime.closure(), deleter=deleter)
    cell = runtime.cell(function, "TVMFFIFunctionCell")
    assert cell.safe_call != NULL, "TVMFFIFunctionCell.safe_call is NULL"
    runtime.decref(function)


@clause("FUNC-CREATE-03")
def test_cell_has_no_cpp_call(runtime: Runtime) -> None:
    functions = [runtime.function_create(runtime.closure()) for _ in range(8)]
    for function in functions:
        cell = runtime.cell(function, "TVMFFIFunctionCell")
        assert cell.cpp_call == NULL, "cpp_call of a function made from a C callback is not NULL"
        runtime.decref(function)


@clause("FUNC-CREATE-04")
@given(references=st.integers(1, 64))
@example(references=1)
def test_deleter_runs_once_when_the_last_reference_goes(runtime: Runtime, references: int) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    for _ in range(references - 1):
        runtime.incref(function)
    for _ in range(references):
        assert closure.deletions == 0
        runtime.decref(function)
    assert closure.deletions == 1
    assert closure.data.deleted_self == closure.data


@clause("FUNC-CREATE-05")
@given(references=st.integers(1, 4))
@example(references=1)
def test_deleter_may_be_null(runtime: Runtime, references: int) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure, deleter=False)
    deletions = runtime.spy(function)
    runtime.ok(runtime.call(function)[0], "TVMFFIFunctionCall")
    for _ in range(references - 1):
        runtime.incref(function)
    for _ in range(references):
        assert deletions.calls == 0
        runtime.decref(function)
    assert deaths(deletions) == 1
    assert (closure.calls, closure.deletions) == (1, 0)


@clause("FUNC-CREATE-06")
@given(count=st.integers(2, 8))
@example(count=2)
def test_each_call_makes_another_function(runtime: Runtime, count: int) -> None:
    closures = [runtime.closure() for _ in range(count)]
    functions = [runtime.function_create(closure) for closure in closures]
    for i, function in enumerate(functions):
        runtime.ok(runtime.call(function)[0], "TVMFFIFunctionCall")
        assert [closure.calls for closure in closures] == [1] * (i + 1) + [0] * (count - i - 1)
    for i, function in enumerate(functions):
        runtime.decref(function)
        assert [closure.deletions for closure in closures] == [1] * (i + 1) + [0] * (count - i - 1)


@clause("FUNC-CREATE-07")
def test_same_closure_twice_makes_two_functions(runtime: Runtime) -> None:
    closure = runtime.closure()
    one, other = runtime.function_create(closure), runtime.function_create(closure)
    assert one != other, "two calls of TVMFFIFunctionCreate gave the same object"
    runtime.decref(one)
    runtime.decref(other)
    assert closure.deletions == 2


@clause("FUNC-CREATE-08")
@given(handle=st.sampled_from([0, 1, 7, 2**63, 2**64 - 1]), with_deleter=st.booleans())
@example(handle=0, with_deleter=False)
@example(handle=0, with_deleter=True)
@example(handle=1, with_deleter=True)
def test_self_is_any_pointer(runtime: Runtime, handle: int, with_deleter: bool) -> None:
    called: list[int] = []
    deleted: list[int] = []

    def call(given: CData, *_: Any) -> int:
        called.append(int(ffi.cast("uintptr_t", given)))
        return 0

    def delete(given: CData) -> None:
        deleted.append(int(ffi.cast("uintptr_t", given)))

    callback = ffi.callback("int(void*, const TVMFFIAny*, int32_t, TVMFFIAny*)", call)
    deleter = ffi.callback("void(void*)", delete)
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFIFunctionCreate(
        ffi.cast("void*", handle), callback, deleter if with_deleter else NULL, out
    )
    runtime.ok(code, "TVMFFIFunctionCreate")
    runtime.ok(runtime.call(out[0])[0], "TVMFFIFunctionCall")
    runtime.decref(out[0])
    assert len(called) == 1, f"the callback ran {len(called)} times"
    if handle:  # what a callback without a resource gets is open
        assert called == [handle], "the callback got another handle than its self"
    assert deleted == ([handle] if with_deleter else []), "the deleter got another self"


@clause("FUNC-CREATE-09")
def test_creating_calls_nothing(runtime: Runtime) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    assert closure.calls == closure.deletions == 0
    runtime.decref(function)
    assert closure.calls == 0
