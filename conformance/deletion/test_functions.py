# SPDX-License-Identifier: Apache-2.0
"""Functions of one library called, registered and returned through another."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Behaviour, Runtime, clause, ffi, values
from ffi_cts.checks.kinds import kinds, make

INTEGERS = st.lists(
    st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, -1])), max_size=6
)


def _call_across(maker: Runtime, caller: Runtime, numbers: list[int]) -> None:
    closure = maker.closure(Behaviour.SUM)
    function = maker.function_create(closure)
    code, result = caller.call(function, *[values.integer(number) for number in numbers])
    caller.ok(code, "TVMFFIFunctionCall")
    total = (sum(numbers) + 2**63) % 2**64 - 2**63
    assert closure.calls == 1, f"the callback ran {closure.calls} times"
    assert closure.data.seen_handle == closure.data, "the callback got another self"
    assert closure.data.seen_num_args == len(numbers)
    assert (result.type_index, result.v_int64) == (1, total), (
        f"the result is {values.name(result.type_index)} {result.v_int64}, not {total}"
    )
    caller.decref(function)
    assert closure.deletions == 1, f"the closure was given back {closure.deletions} times"


@clause("XLIB-CALL-01")
@given(numbers=INTEGERS)
def test_function_of_the_library_called_by_another(
    runtime: Runtime, second: Runtime, numbers: list[int]
) -> None:
    _call_across(runtime, second, numbers)


@clause("XLIB-CALL-02")
@given(numbers=INTEGERS)
def test_function_of_another_called_by_the_library(
    runtime: Runtime, second: Runtime, numbers: list[int]
) -> None:
    _call_across(second, runtime, numbers)


@clause("XLIB-CALL-03")
@given(kind=kinds, function_of_second=st.booleans(), object_of_second=st.booleans())
def test_objects_of_either_library_pass_through_calls(
    runtime: Runtime,
    second: Runtime,
    kind: str,
    function_of_second: bool,
    object_of_second: bool,
) -> None:
    maker, caller = (second, runtime) if function_of_second else (runtime, second)
    function = maker.function_create(maker.closure(Behaviour.ECHO))
    made = make(second if object_of_second else runtime, kind)
    code, result = caller.call(function, values.object_view(made.obj))
    caller.ok(code, "TVMFFIFunctionCall")
    assert result.v_obj == made.obj, "the result is another object than the argument"
    made.expect_counts(runtime, 2, 1, "with the result that holds it")
    caller.release(result)
    maker.decref(made.obj)
    made.expect_released(1, "after the last reference")
    caller.decref(function)


@clause("XLIB-CALL-04")
def test_function_of_another_in_the_global_table(runtime: Runtime, second: Runtime) -> None:
    closure = second.closure(Behaviour.SUM)
    function = second.function_create(closure)
    name = runtime.byte_array(b"ffi_cts.of_another_library")
    runtime.ok(runtime.TVMFFIFunctionSetGlobal(name, function, 0), "TVMFFIFunctionSetGlobal")
    second.decref(function)
    assert closure.deletions == 0, "the table holds no reference to a function of another library"
    out = ffi.new("TVMFFIObjectHandle*")
    runtime.ok(runtime.TVMFFIFunctionGetGlobal(name, out), "TVMFFIFunctionGetGlobal")
    code, result = runtime.call(out[0], values.integer(40), values.integer(2))
    runtime.ok(code, "TVMFFIFunctionCall")
    assert closure.calls == 1, "the table returned another function than it was given"
    assert result.v_int64 == 42
    second.decref(out[0])


@clause("XLIB-OWN-01")
@given(kind=kinds, object_of_second=st.booleans())
def test_value_owned_through_the_other_library(
    runtime: Runtime, second: Runtime, kind: str, object_of_second: bool
) -> None:
    maker, owner = (second, runtime) if object_of_second else (runtime, second)
    made = make(maker, kind)
    value = owner.owned(values.object_view(made.obj))
    assert value.v_obj == made.obj, "the owned value refers to another object"
    assert value.type_index == maker.type_index(made.obj)
    made.expect_counts(maker, 2, 1, "with an owned value that holds it")
    maker.decref(made.obj)
    made.expect_released(0, "while the owned value is left")
    owner.release(value)
    made.expect_released(1, "after the owned value was released")
