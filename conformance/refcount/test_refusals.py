# SPDX-License-Identifier: Apache-2.0
"""Calls that are refused leave the counts of their arguments alone."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, native
from ffi_cts.checks.kinds import make, prototype


@clause("REF-FAIL-01")
@given(ndim=st.sampled_from([1, 2, 8, 1000]))
def test_refused_view_holds_no_reference(runtime: Runtime, ndim: int) -> None:
    made = make(runtime, "tensor")
    shapeless = prototype(runtime, (1,) * ndim)
    shapeless.strides = NULL
    out = ffi.new("TVMFFIObjectHandle*")
    if runtime.TVMFFITensorCreateUnsafeView(made.obj, shapeless, out) == 0:
        runtime.decref(out[0])  # strides may be made up instead
    else:
        runtime.decref(runtime.take_raised())
    counts = runtime.counts(made.obj)
    runtime.decref(made.obj)
    assert counts == (1, 1), f"a refused view left the counts of its source at {counts}"
    made.expect_released(1, "after the last reference of the source")


@clause("REF-FAIL-02")
@given(type_index=st.sampled_from([0, 1, 11, 68, 74]))
def test_refused_opaque_object_leaves_its_handle_alone(runtime: Runtime, type_index: int) -> None:
    log = runtime.keep(ffi.new("cts_deletions*"))
    deleter = ffi.cast("void (*)(void*)", ffi.addressof(native, "cts_count_deletion"))
    out = ffi.new("TVMFFIObjectHandle*")
    if runtime.TVMFFIObjectCreateOpaque(log, type_index, deleter, out) == 0:
        runtime.decref(out[0])
        return
    runtime.decref(runtime.take_raised())
    assert log.count == 0, "TVMFFIObjectCreateOpaque failed, yet ran the deleter of the handle"
