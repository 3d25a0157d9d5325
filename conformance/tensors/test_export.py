# SPDX-License-Identifier: Apache-2.0
"""TVMFFITensorToDLPack and TVMFFITensorToDLPackVersioned."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause
from ffi_cts.checks.tensors import (
    Kind,
    Producer,
    Spec,
    exchanged,
    expect_same,
    export,
    exportable,
    exported,
    kinds,
    read,
    release_export,
    shapes,
    shown,
    specs,
    take,
    tensor_from,
)

USERS = st.deferred(lambda: st.permutations([*exportable(), *exportable(), None]))


@clause("TENSOR-EXPORT-01")
@given(spec=specs(), kind=kinds, into=exported)
@example(spec=Spec(shape=(), strides=None), kind="legacy", into="versioned")
@example(spec=Spec(shape=(1, 2) * 32, strides=tuple(range(64))), kind="legacy", into="legacy")
def test_export_describes_the_same_tensor(
    runtime: Runtime, spec: Spec, kind: Kind, into: Kind
) -> None:
    tensor, _ = tensor_from(runtime, spec, kind)
    expected = read(shown(runtime, tensor))
    managed = export(runtime, tensor, into)
    expect_same(read(managed.dl_tensor), expected, "the export")
    release_export(runtime, managed, into)
    runtime.decref(tensor)


@clause("TENSOR-EXPORT-02")
@given(spec=specs(), kind=kinds, into=exported)
@example(spec=Spec(shape=(2, 3, 4), strides=(-12, 0, 1)), kind="versioned", into="versioned")
def test_export_outlives_the_tensor_handle(
    runtime: Runtime, spec: Spec, kind: Kind, into: Kind
) -> None:
    tensor, producer = tensor_from(runtime, spec, kind)
    managed = export(runtime, tensor, into)
    runtime.decref(tensor)
    assert producer.deletions == 0, "the data were given back while an export uses them"
    expect_same(read(managed.dl_tensor), spec, "the export")
    release_export(runtime, managed, into)


@clause("TENSOR-EXPORT-03")
@given(kind=kinds, exports=USERS)
@example(kind="versioned", exports=[None, "legacy", "versioned"])
@example(kind="legacy", exports=["versioned", None])
def test_data_go_back_after_the_last_user(
    runtime: Runtime, kind: Kind, exports: list[Kind | None]
) -> None:
    tensor, producer = tensor_from(runtime, kind=kind)
    # None stands for the tensor handle among the users of the data.
    users = [(each, tensor if each is None else export(runtime, tensor, each)) for each in exports]
    for into, handle in users:
        assert producer.deletions == 0, "the data were given back before their last user"
        if into is None:
            runtime.decref(handle)
        else:
            release_export(runtime, handle, into)
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"


@clause("TENSOR-EXPORT-04")
@given(kind=kinds, into=exported, count=st.integers(2, 5))
def test_exports_are_independent(runtime: Runtime, kind: Kind, into: Kind, count: int) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    exports = [export(runtime, tensor, into) for _ in range(count)]
    assert len(set(exports)) == count, "two exports are one struct"
    for index, managed in enumerate(exports):
        release_export(runtime, managed, into)
        for other in exports[index + 1 :]:
            expect_same(read(other.dl_tensor), Spec(), "an export, another being released,")
    runtime.decref(tensor)


@clause("TENSOR-EXPORT-05")
@given(kind=kinds, into=exported, references=st.integers(1, 4))
def test_export_and_release_leave_the_counts(
    runtime: Runtime, kind: Kind, into: Kind, references: int
) -> None:
    tensor, _ = tensor_from(runtime, kind=kind)
    for _ in range(references - 1):
        runtime.incref(tensor)
    release_export(runtime, export(runtime, tensor, into), into)
    assert runtime.counts(tensor) == (references, 1), (
        f"(strong, weak) were ({references}, 1), after export and release {runtime.counts(tensor)}"
    )
    for _ in range(references):
        runtime.decref(tensor)


@clause("TENSOR-EXPORT-06")
@given(shape=shapes.filter(len), kind=kinds, into=exported)
@example(shape=(3,), kind="legacy", into="versioned")
@example(shape=(0,), kind="legacy", into="legacy")
def test_exported_strides_are_never_null(
    runtime: Runtime, shape: tuple[int, ...], kind: Kind, into: Kind
) -> None:
    tensor, _ = tensor_from(runtime, Spec(shape=shape, strides=None), kind)
    managed = export(runtime, tensor, into)
    assert managed.dl_tensor.strides != NULL, f"strides are NULL with ndim = {len(shape)}"
    release_export(runtime, managed, into)
    runtime.decref(tensor)


@clause("TENSOR-EXPORT-07")
@given(spec=specs(), kinds_on_the_way=st.lists(exchanged, min_size=1, max_size=6))
def test_exports_can_be_imported_again(
    runtime: Runtime, spec: Spec, kinds_on_the_way: list[Kind]
) -> None:
    tensor, producer = tensor_from(runtime, spec)
    expected = read(shown(runtime, tensor))
    for kind in kinds_on_the_way:
        managed = export(runtime, tensor, kind)
        again = take(runtime, Producer(kind, managed, producer.log))
        runtime.decref(tensor)
        expect_same(read(shown(runtime, again)), expected, "the imported tensor")
        tensor = again
    assert producer.deletions == 0, "the data were given back on the way"
    runtime.decref(tensor)
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"


@clause("TENSOR-EXPORT-08")
@given(spec=specs(), kind=kinds, there=exchanged)
def test_exports_travel_between_libraries(
    runtime: Runtime, second: Runtime, spec: Spec, kind: Kind, there: Kind
) -> None:
    tensor, producer = tensor_from(runtime, spec, kind)
    expected = read(shown(runtime, tensor))
    abroad = take(second, Producer(there, export(runtime, tensor, there), producer.log))
    runtime.decref(tensor)
    expect_same(read(shown(second, abroad)), expected, f"the tensor of {second.name}")
    home = take(runtime, Producer(there, export(second, abroad, there), producer.log))
    second.decref(abroad)
    expect_same(read(shown(runtime, home)), expected, "the tensor that came back")
    assert producer.deletions == 0, "the data were given back on the way"
    runtime.decref(home)
    assert producer.deletions == 1, f"the deleter ran {producer.deletions} times, not once"
