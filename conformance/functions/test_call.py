# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionCall: what the callee gets, and what comes back."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Behaviour, Runtime, clause, ffi, values
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.native import CData
from ffi_cts.checks.values import INDEX

POD_NAMES = ("None", "Int", "Bool", "Float", "OpaquePtr", "DataType", "Device")
VIEW_NAMES = (*POD_NAMES, "DLTensorPtr", "RawStr", "ByteArrayPtr")
PAYLOADS = st.one_of(
    st.sampled_from([b"", b"\x01", b"\xff" * 8, b"1234567", bytes(7) + b"\x80"]),
    st.binary(max_size=8),
)


def plain_value(kind: str, payload: bytes) -> CData:
    """A value of that kind whose unused bytes are zero, as they have to be."""
    if kind == "None":
        payload = b""
    elif kind == "Bool":
        payload = bytes([len(payload) % 2])
    elif kind == "DataType":
        payload = payload[:4]
    return values.any_view(INDEX[kind], payload)


def pods(names: tuple[str, ...]) -> st.SearchStrategy[CData]:
    """Values of these kinds with valid payloads; nothing looks behind the pointers among them."""
    plain = st.builds(plain_value, st.sampled_from(names), PAYLOADS)
    return st.one_of(plain, st.builds(small, st.booleans(), st.binary(max_size=7)))


def small(is_bytes: bool, content: bytes) -> CData:
    """A string or bytes value of at most 7 bytes that lies in the TVMFFIAny itself."""
    value = values.any_view(INDEX["SmallBytes" if is_bytes else "SmallStr"], content)
    value.small_str_len = len(content)
    return value


def call(runtime: Runtime, function: CData, args: CData, count: int) -> CData:
    """Result of a successful TVMFFIFunctionCall with packed arguments."""
    result = runtime.keep(ffi.new("TVMFFIAny*"))
    runtime.ok(runtime.TVMFFIFunctionCall(function, args, count, result), "TVMFFIFunctionCall")
    return result


@clause("FUNC-CALL-01")
@given(count=st.integers(0, 4))
@example(count=0)
def test_callee_gets_the_handle_of_its_creation(runtime: Runtime, count: int) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    runtime.ok(runtime.call(function, *[values.integer(i) for i in range(count)])[0])
    assert closure.calls == 1
    assert closure.data.seen_handle == closure.data, "the callee got another handle than its self"
    runtime.decref(function)


@clause("FUNC-CALL-02")
@given(args=st.lists(pods(VIEW_NAMES), max_size=8))
@example(args=[])
@example(args=[values.integer(-(2**63)), values.floating(float("nan")), values.none()])
def test_arguments_arrive_bit_for_bit(runtime: Runtime, args: list[CData]) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    runtime.ok(runtime.call(function, *args)[0], "TVMFFIFunctionCall")
    assert closure.data.seen_num_args == len(args)
    assert closure.seen_args == [values.raw(arg) for arg in args]
    runtime.decref(function)


@clause("FUNC-CALL-03")
@given(args=st.lists(pods(VIEW_NAMES), min_size=1, max_size=8))
@example(args=[values.integer(i) for i in range(32)])
def test_arguments_are_not_modified(runtime: Runtime, args: list[CData]) -> None:
    function = runtime.function_create(runtime.closure())
    packed = values.pack(args)
    call(runtime, function, packed, len(args))
    assert bytes(ffi.buffer(packed)) == b"".join(values.raw(arg) for arg in args)
    runtime.decref(function)


@clause("FUNC-CALL-04")
@given(copies=st.integers(1, 8))
@example(copies=1)
def test_object_arguments_are_borrowed(runtime: Runtime, copies: int) -> None:
    obj, deletions = runtime.foreign()
    closure = runtime.closure()
    function = runtime.function_create(closure)
    view = values.object_view(obj)
    runtime.ok(runtime.call(function, *[view] * copies)[0], "TVMFFIFunctionCall")
    assert closure.seen_args == [values.raw(view)] * copies
    assert runtime.counts(obj) == (1, 1), "the call changed the counts of its argument"
    runtime.decref(function)
    runtime.decref(obj)
    assert deaths(deletions) == 1


@clause("FUNC-CALL-05")
@given(count=st.integers(33, 5_000))
@example(count=255)
@example(count=256)
@example(count=65_536)
def test_any_number_of_arguments(runtime: Runtime, count: int) -> None:
    closure = runtime.closure(Behaviour.SUM)
    function = runtime.function_create(closure)
    packed = ffi.new("TVMFFIAny[]", count)
    for i in range(count):
        packed[i].type_index = INDEX["Int"]
        packed[i].v_int64 = i
    result = call(runtime, function, packed, count)
    assert closure.data.seen_num_args == count
    assert result.v_int64 == count * (count - 1) // 2, "not every argument arrived"
    runtime.decref(function)


@clause("FUNC-CALL-06")
@given(reply=pods(POD_NAMES))
@example(reply=values.integer(-1))
@example(reply=values.floating(-0.0))
@example(reply=small(False, b"1234567"))
def test_result_comes_back_bit_for_bit(runtime: Runtime, reply: CData) -> None:
    function = runtime.function_create(runtime.closure(reply=reply))
    code, result = runtime.call(function)
    runtime.ok(code, "TVMFFIFunctionCall")
    assert values.raw(result) == values.raw(reply)
    runtime.decref(function)


@clause("FUNC-CALL-07")
@given(calls=st.integers(1, 8))
@example(calls=1)
def test_object_result_has_the_one_reference_of_the_callee(runtime: Runtime, calls: int) -> None:
    obj, deletions = runtime.foreign()
    function = runtime.function_create(runtime.closure(reply=values.object_view(obj)))
    for made in range(1, calls + 1):
        code, result = runtime.call(function)
        runtime.ok(code, "TVMFFIFunctionCall")
        assert values.raw(result) == values.raw(values.object_view(obj))
        assert runtime.counts(obj) == (1 + made, 1), "the result has another number of references"
    runtime.decref(function)
    for _ in range(calls):
        assert deletions.calls == 0
        runtime.decref(obj)
    runtime.decref(obj)
    assert deaths(deletions) == 1


@clause("FUNC-CALL-08")
@given(args=st.lists(pods(POD_NAMES), max_size=3))
@example(args=[])
def test_result_stays_none_if_the_callee_leaves_it(runtime: Runtime, args: list[CData]) -> None:
    closure = runtime.closure(Behaviour.SILENT)
    function = runtime.function_create(closure)
    code, result = runtime.call(function, *args)
    runtime.ok(code, "TVMFFIFunctionCall")
    assert result.type_index == INDEX["None"], "a result that the callee did not write"
    seen = closure.data.seen_result.type_index
    assert seen == INDEX["None"], f"the callee's result slot held {values.name(seen)}"
    runtime.decref(function)


@clause("FUNC-CALL-09")
@given(code=st.sampled_from([0, -1]))
@example(code=0)
@example(code=-1)
def test_return_code_of_the_callee_comes_back(runtime: Runtime, code: int) -> None:
    behaviour = Behaviour.REPLY if code == 0 else Behaviour.RAISE_TEXT
    function = runtime.function_create(runtime.closure(behaviour))
    returned, _ = runtime.call(function)
    assert returned == code, f"TVMFFIFunctionCall returned {returned}, its callee {code}"
    if code:
        runtime.decref(runtime.take_raised())
    runtime.decref(function)


@clause("FUNC-CALL-10")
@given(calls=st.lists(st.booleans(), min_size=1, max_size=16))
@example(calls=[True])
@example(calls=[True, False, True])
def test_the_function_outlives_its_calls(runtime: Runtime, calls: list[bool]) -> None:
    closure = runtime.closure(Behaviour.REPLY)
    failing = runtime.closure(Behaviour.RAISE_TEXT)
    function, failure = runtime.function_create(closure), runtime.function_create(failing)
    for succeeds in calls:
        code, _ = runtime.call(function if succeeds else failure)
        if code:
            runtime.decref(runtime.take_raised())
    assert (closure.calls, failing.calls) == (sum(calls), len(calls) - sum(calls))
    assert closure.deletions == failing.deletions == 0, "a call consumed its function"
    runtime.decref(function)
    runtime.decref(failure)
    assert closure.deletions == failing.deletions == 1, "a call left a reference to its function"


@clause("FUNC-CALL-11")
@given(depth=st.integers(0, 100))
@example(depth=100)
def test_callee_may_call_again(runtime: Runtime, depth: int) -> None:
    closure = runtime.closure(Behaviour.RECURSE)
    function = runtime.function_create(closure)
    closure.data.next = function
    code, result = runtime.call(function, values.integer(depth))
    runtime.ok(code, "a recursive TVMFFIFunctionCall")
    assert (closure.calls, result.v_int64) == (depth + 1, depth)
    runtime.decref(function)
    assert closure.deletions == 1


@clause("FUNC-CALL-12")
@given(args=st.lists(pods(VIEW_NAMES), max_size=4))
@example(args=[])
def test_call_makes_one_call(runtime: Runtime, args: list[CData]) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    for made in range(1, 4):
        runtime.ok(runtime.call(function, *args)[0], "TVMFFIFunctionCall")
        assert closure.calls == made
    assert runtime.take_raised() == NULL
    runtime.decref(function)
