# SPDX-License-Identifier: Apache-2.0
"""TVMFFIAnyViewToOwnedAny of objects."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause, ffi, values
from ffi_cts.checks.kinds import kinds, make
from ffi_cts.checks.memory import guarded_object
from ffi_cts.checks.values import INDEX, any_view, name, raw


@clause("ANY-OBJ-01")
@given(kind=kinds, owners=st.integers(1, 5))
def test_owned_value_adds_one_reference(runtime: Runtime, kind: str, owners: int) -> None:
    made = make(runtime, kind)
    view = values.object_view(made.obj)
    before = raw(view)
    held = [runtime.owned(view) for _ in range(owners)]
    made.expect_counts(runtime, 1 + owners, 1, f"with {owners} owned values that hold it")
    assert raw(view) == before, "TVMFFIAnyViewToOwnedAny changed the view"
    for value in held:
        assert raw(value) == before, f"the owned value has bits {raw(value).hex()}"
        runtime.release(value)
    made.expect_counts(runtime, 1, 1, "after the owned values were released")
    runtime.decref(made.obj)
    made.expect_released(1, "after the last reference")


@clause("ANY-OBJ-02")
@given(type_index=st.sampled_from([64, 73, 77, 127, 128, 4711, 2**31 - 1]))
def test_object_of_unknown_type(runtime: Runtime, type_index: int) -> None:
    obj = guarded_object(type_index)
    owned = runtime.owned(values.object_view(obj))
    assert owned.type_index == type_index, f"the owned value has {name(owned.type_index)}"
    assert owned.v_obj == ffi.cast("void*", obj), "the owned value refers to another object"
    assert owned.zero_padding == 0
    assert runtime.counts(obj) == (2, 1), f"(strong, weak) is {runtime.counts(obj)}"


@clause("ANY-RVALUE-01")
@given(kind=kinds)
def test_moved_reference_is_not_counted_twice(runtime: Runtime, kind: str) -> None:
    made = make(runtime, kind)
    place = ffi.new("void**", made.obj)
    owned = runtime.owned(any_view(INDEX["ObjectRValueRef"], place))
    assert owned.v_obj == made.obj, "the owned value refers to another object"
    assert owned.type_index == runtime.type_index(made.obj), (
        f"a moved {kind} object became {name(owned.type_index)}"
    )
    assert owned.zero_padding == 0
    assert place[0] == ffi.NULL, "the place that the reference moved from still refers to it"
    made.expect_counts(runtime, 1, 1, "after the one reference moved")
    runtime.release(owned)
    made.expect_released(1, "after the owned value was released")


@clause("ANY-RVALUE-02")
def test_reference_moves_once(runtime: Runtime) -> None:
    made = make(runtime, "function")
    place = ffi.new("void**", made.obj)
    view = any_view(INDEX["ObjectRValueRef"], place)
    runtime.owned(view)
    again = ffi.new("TVMFFIAny*")
    code = runtime.TVMFFIAnyViewToOwnedAny(view, again)
    runtime.decref(runtime.refused(code, "moving from a place that is empty"))
    runtime.decref(made.obj)
    made.expect_released(1, "after the one owned value was released")
