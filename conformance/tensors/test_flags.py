# SPDX-License-Identifier: Apache-2.0
"""Version and flags of versioned DLPack tensors."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, native
from ffi_cts.checks.native import CData
from ffi_cts.checks.tensors import (
    IS_COPIED,
    READ_ONLY,
    SUBBYTE_PADDED,
    Kind,
    Producer,
    Spec,
    export,
    kinds,
    produce,
    refuse,
    release_export,
    take,
    tensor_from,
    try_import,
    view_of,
)

FLOAT4 = (17, 4, 1)


def exported_flags(runtime: Runtime, tensor: CData) -> int:
    """Flags of a fresh versioned export, which is released again."""
    managed = export(runtime, tensor, "versioned")
    flags = int(managed.flags)
    release_export(runtime, managed, "versioned")
    return flags


def imported(runtime: Runtime, spec: Spec, flags: int) -> CData:
    """A tensor imported with ``flags``, or NULL: whoever can't pass a flag on may refuse it."""
    producer = produce(runtime, spec, "versioned", flags=flags)
    code, tensor = try_import(runtime, producer.managed, "versioned")
    if code == 0:
        return tensor
    runtime.decref(runtime.refused(code, "TVMFFITensorFromDLPackVersioned"))
    if producer.deletions == 0:  # who owns a refused tensor is the question of another check
        native.cts_dlpack_discard(producer.managed)
    return NULL


@clause("TENSOR-VERSION-01")
@given(kind=kinds)
def test_exports_carry_major_version_one(runtime: Runtime, kind: Kind) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    managed = export(runtime, tensor, "versioned")
    assert managed.version.major == 1, f"major version {managed.version.major}, not 1"
    release_export(runtime, managed, "versioned")
    runtime.decref(tensor)


@clause("TENSOR-VERSION-02")
@given(minor=st.sampled_from([0, 1, 2, 3, 4, 100, 2**32 - 1]))
@example(minor=2**32 - 1)
def test_any_minor_version_is_accepted(runtime: Runtime, minor: int) -> None:
    producer = produce(runtime, Spec(), "versioned", version=(1, minor))
    runtime.decref(take(runtime, producer))


@clause("TENSOR-VERSION-03")
@given(major=st.sampled_from([0, 2, 3, 2**31, 2**32 - 1]), minor=st.sampled_from([0, 3]))
@example(major=2, minor=0)
def test_other_major_versions_are_refused(runtime: Runtime, major: int, minor: int) -> None:
    producer = produce(runtime, Spec(), "versioned", version=(major, minor))
    refuse(runtime, producer)


@clause("TENSOR-FLAGS-01")
@given(flags=st.sampled_from([READ_ONLY, READ_ONLY | IS_COPIED]))
def test_read_only_is_passed_on(runtime: Runtime, flags: int) -> None:
    tensor = imported(runtime, Spec(), flags)
    if tensor == NULL:
        return
    found = exported_flags(runtime, tensor)
    assert found & READ_ONLY, f"imported with flags {flags:#x}, exported with {found:#x}"
    runtime.decref(tensor)


@clause("TENSOR-FLAGS-02")
@given(kind=kinds)
def test_read_only_is_not_invented(runtime: Runtime, kind: Kind) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    found = exported_flags(runtime, tensor)
    assert not found & READ_ONLY, f"imported without flags, exported with {found:#x}"
    runtime.decref(tensor)


@clause("TENSOR-FLAGS-03")
@given(flags=st.sampled_from([0, READ_ONLY, IS_COPIED]), again=st.booleans())
@example(flags=IS_COPIED, again=True)
def test_shared_data_are_no_copy(runtime: Runtime, flags: int, again: bool) -> None:
    tensor = imported(runtime, Spec(), flags)
    if tensor == NULL:
        return
    managed = export(runtime, tensor, "versioned")
    if again:
        other = take(runtime, Producer("versioned", managed, NULL))
        managed = export(runtime, other, "versioned")
        runtime.decref(other)
    assert not managed.flags & IS_COPIED, (
        f"imported with flags {flags:#x}; the export shares data with a living tensor and says "
        f"that it is a copy ({managed.flags:#x})"
    )
    release_export(runtime, managed, "versioned")
    runtime.decref(tensor)


@clause("TENSOR-FLAGS-04")
@given(flags=st.sampled_from([SUBBYTE_PADDED, SUBBYTE_PADDED | READ_ONLY]))
def test_padding_is_refused_or_passed_on(runtime: Runtime, flags: int) -> None:
    tensor = imported(runtime, Spec(dtype=FLOAT4), flags)
    if tensor == NULL:
        return
    found = exported_flags(runtime, tensor)
    assert found & SUBBYTE_PADDED, f"padded elements are exported as packed (flags {found:#x})"
    runtime.decref(tensor)


@clause("TENSOR-FLAGS-05")
@given(kind=kinds, code=st.sampled_from([15, 16, 17]), bits=st.sampled_from([1, 5, 7, 8, 16]))
def test_narrow_floats_of_other_widths_are_refused(
    runtime: Runtime, kind: Kind, code: int, bits: int
) -> None:
    refuse(runtime, produce(runtime, Spec(dtype=(code, bits, 1)), kind))


@clause("TENSOR-FLAGS-06")
@given(flags=st.sampled_from([READ_ONLY, READ_ONLY | IS_COPIED]), depth=st.integers(1, 3))
def test_views_of_read_only_tensors_are_read_only(runtime: Runtime, flags: int, depth: int) -> None:
    handles = [imported(runtime, Spec(), flags)]
    if handles[0] == NULL:
        return
    for _ in range(depth):
        handles.append(view_of(runtime, handles[-1], Spec()))
    found = exported_flags(runtime, handles[-1])
    assert found & READ_ONLY, f"imported with flags {flags:#x}, the view exports {found:#x}"
    for handle in handles:
        runtime.decref(handle)
