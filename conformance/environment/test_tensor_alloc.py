# SPDX-License-Identifier: Apache-2.0
"""TVMFFIEnvTensorAlloc, with allocators written in C."""

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi, native, values
from ffi_cts.checks.native import CData
from ffi_cts.checks.tensors import ADDRESS, TENSOR, Spec, compact, expect_same, read, shown, specs

BLOCK = ADDRESS + 0x10000


def scripted(runtime: Runtime, number: int = 0, *, fails: bool = False) -> CData:
    """Reset C allocator ``number``, set it for this thread, return its state."""
    state = native.cts_allocator(number)
    ffi.memmove(state, bytes(ffi.sizeof("cts_allocator_state")), ffi.sizeof("cts_allocator_state"))
    state.fails, state.data = int(fails), ffi.cast("void*", BLOCK)
    put(runtime, ("cts_allocate_first", "cts_allocate_second")[number])
    return state


def put(runtime: Runtime, name: str, *, everywhere: bool = False) -> None:
    """Set the C allocator of that name; "" takes the allocator away."""
    address = ffi.addressof(native, name) if name else NULL
    allocator = ffi.cast("DLPackManagedTensorAllocator", address)
    code = runtime.TVMFFIEnvSetDLPackManagedTensorAllocator(allocator, int(everywhere), NULL)
    runtime.ok(code, "TVMFFIEnvSetDLPackManagedTensorAllocator")


def alloc(runtime: Runtime, prototype: CData) -> tuple[int, CData]:
    out = ffi.new("TVMFFIObjectHandle*")
    return int(runtime.TVMFFIEnvTensorAlloc(prototype, out)), out[0]


def allocated(runtime: Runtime, spec: Spec) -> CData:
    code, tensor = alloc(runtime, spec.build(runtime))
    runtime.ok(code, "TVMFFIEnvTensorAlloc")
    assert tensor != NULL, "TVMFFIEnvTensorAlloc returned 0 but left its output NULL"
    return tensor


@clause("ENV-TENSOR-01")
@given(spec=specs(null_strides=True))
@example(spec=Spec(shape=(), strides=None))
@example(spec=Spec(shape=(0,), strides=None))
def test_allocator_gets_the_prototype(runtime: Runtime, spec: Spec) -> None:
    state = scripted(runtime)
    tensor = allocated(runtime, spec)
    assert state.calls == 1, f"the allocator was called {state.calls} times"
    seen = state.seen
    found = (
        tuple(state.seen_shape[i] for i in range(seen.ndim)),
        (seen.dtype.code, seen.dtype.bits, seen.dtype.lanes),
        (int(seen.device.device_type), int(seen.device.device_id)),
    )
    expected = (spec.shape, spec.dtype, spec.device)
    assert found == expected, f"(shape, dtype, device) asked for {expected}, passed on {found}"
    runtime.decref(tensor)


@clause("ENV-TENSOR-02")
@given(spec=specs(null_strides=True))
def test_tensor_is_the_allocators(runtime: Runtime, spec: Spec) -> None:
    scripted(runtime)
    tensor = allocated(runtime, spec)
    index = runtime.type_index(tensor)
    assert index == TENSOR, f"expected {values.name(TENSOR)}, found {values.name(index)}"
    expected = attrs.evolve(spec, strides=compact(spec.shape), data=BLOCK, byte_offset=0)
    expect_same(read(shown(runtime, tensor)), expected, "the tensor object")
    runtime.decref(tensor)


@clause("ENV-TENSOR-03")
@given(references=st.integers(1, 4))
def test_memory_goes_back_with_the_last_reference(runtime: Runtime, references: int) -> None:
    state = scripted(runtime)
    tensor = allocated(runtime, Spec())
    made = state.last
    assert runtime.counts(tensor) == (1, 1), f"(strong, weak) are {runtime.counts(tensor)}"
    for _ in range(references - 1):
        runtime.incref(tensor)
    for _ in range(references):
        assert state.deletions.count == 0
        runtime.decref(tensor)
    assert state.deletions.count == 1, f"the deleter ran {state.deletions.count} times, not once"
    assert state.deletions.last_self == made, "the deleter got another struct than its own"


@clause("ENV-TENSOR-04")
@given(spec=specs())
def test_failing_allocator_gives_an_error(runtime: Runtime, spec: Spec) -> None:
    state = scripted(runtime, fails=True)
    code, _ = alloc(runtime, spec.build(runtime))
    runtime.decref(runtime.refused(code, "TVMFFIEnvTensorAlloc with a failing allocator"))
    assert state.calls >= 1, "the allocator was not asked"


@clause("ENV-TENSOR-05")
def test_error_of_the_allocator_is_passed_on(runtime: Runtime) -> None:
    scripted(runtime, fails=True)
    code, _ = alloc(runtime, Spec().build(runtime))
    error = runtime.refused(code, "TVMFFIEnvTensorAlloc with a failing allocator")
    cell = runtime.error_cell(error)
    kind, message = values.content(cell.kind), values.content(cell.message)
    assert kind == b"MemoryError", f"the allocator set MemoryError, the error is a {kind!r}"
    assert b"the scripted allocator has nothing left" in message, f"the message is {message!r}"
    runtime.decref(error)


@clause("ENV-TENSOR-06")
def test_no_allocator_gives_an_error(runtime: Runtime) -> None:
    code, _ = alloc(runtime, Spec().build(runtime))
    runtime.decref(runtime.refused(code, "TVMFFIEnvTensorAlloc without an allocator"))
    scripted(runtime)
    runtime.decref(allocated(runtime, Spec()))
    put(runtime, "")
    code, _ = alloc(runtime, Spec().build(runtime))
    runtime.decref(runtime.refused(code, "TVMFFIEnvTensorAlloc after the allocator was taken away"))


@clause("ENV-TENSOR-07")
def test_allocator_of_the_thread_is_used(runtime: Runtime) -> None:
    everywhere, own = scripted(runtime, 0), scripted(runtime, 1)
    put(runtime, "cts_allocate_first", everywhere=True)
    put(runtime, "cts_allocate_second")
    runtime.decref(allocated(runtime, Spec()))
    assert (everywhere.calls, own.calls) == (0, 1), (
        f"calls of the allocator of all threads: {everywhere.calls}, of this thread: {own.calls}"
    )


@clause("ENV-TENSOR-08")
@given(spec=specs(null_strides=True))
def test_prototype_is_only_read(runtime: Runtime, spec: Spec) -> None:
    scripted(runtime)
    prototype = spec.build(runtime)
    before, arrays = bytes(ffi.buffer(prototype)), read(prototype)
    code, tensor = alloc(runtime, prototype)
    runtime.ok(code, "TVMFFIEnvTensorAlloc")
    assert bytes(ffi.buffer(prototype)) == before, "the prototype was changed"
    assert read(prototype) == arrays, "the shape of the prototype was changed"
    runtime.decref(tensor)
