# SPDX-License-Identifier: Apache-2.0
"""Tensors of one library exported, imported and viewed by another."""

import pytest

from ffi_cts.checks import Runtime, clause, ffi, native
from ffi_cts.checks.kinds import make, view_of
from ffi_cts.checks.native import CData
from ffi_cts.checks.pairs import assign, both_need, each_maker
from ffi_cts.checks.tensors import start

each_export = pytest.mark.parametrize("versioned", [True, False], ids=["versioned", "legacy"])


def _export(runtime: Runtime, tensor: CData, versioned: bool) -> CData:
    if versioned:
        out = ffi.new("DLManagedTensorVersioned**")
        code = runtime.TVMFFITensorToDLPackVersioned(tensor, out)
    else:
        out = ffi.new("DLManagedTensor**")
        code = runtime.TVMFFITensorToDLPack(tensor, out)
    runtime.ok(code, "the export of a tensor")
    return out[0]


def _release(managed: object, versioned: bool) -> None:
    if versioned:
        native.cts_dlpack_release_versioned(managed)
    else:
        native.cts_dlpack_release_legacy(managed)


def _import(runtime: Runtime, managed: object, versioned: bool) -> object:
    out = ffi.new("TVMFFIObjectHandle*")
    if versioned:
        code = runtime.TVMFFITensorFromDLPackVersioned(managed, 0, 0, out)
    else:
        code = runtime.TVMFFITensorFromDLPack(managed, 0, 0, out)
    runtime.ok(code, "the import of a tensor")
    return runtime.new(out[0], "imported tensor")


@clause("XLIB-TENSOR-01")
@each_maker
@each_export
def test_tensor_exported_by_the_other_library(
    runtime: Runtime, second: Runtime, maker: str, versioned: bool
) -> None:
    first, exporter = assign(maker, runtime, second)
    made = make(first, "tensor")
    own = first.cell(made.obj, "DLTensor")
    managed = _export(exporter, made.obj, versioned)
    shared = managed.dl_tensor
    assert start(shared) == start(own), "the export does not share the memory of the tensor"
    assert [shared.shape[i] for i in range(shared.ndim)] == [2, 3]
    assert (shared.dtype.code, shared.dtype.bits, shared.dtype.lanes) == (2, 32, 1)
    first.decref(made.obj)
    made.expect_released(0, "while the export is left")
    _release(managed, versioned)
    made.expect_released(1, "after the export was released")


@clause("XLIB-TENSOR-02")
@each_maker
@each_export
def test_tensor_handed_over_by_dlpack(
    runtime: Runtime, second: Runtime, maker: str, versioned: bool
) -> None:
    first, importer = assign(maker, runtime, second)
    made = make(first, "tensor")
    copy = _import(importer, _export(first, made.obj, versioned), versioned)
    assert start(importer.cell(copy, "DLTensor")) == start(first.cell(made.obj, "DLTensor"))
    first.decref(made.obj)
    made.expect_released(0, "while the imported tensor is left")
    first.decref(copy)
    made.expect_released(1, "after the imported tensor was dropped by the library it came from")


@clause("XLIB-TENSOR-03")
@each_maker
def test_tensor_goes_round_and_comes_back(runtime: Runtime, second: Runtime, maker: str) -> None:
    first, other = assign(maker, runtime, second)
    made = make(first, "tensor")
    chain = [made.obj]
    for owner, versioned in ((other, True), (first, False), (other, False), (first, True)):
        chain.append(_import(owner, _export(first, chain[-1], versioned), versioned))
    data = {start(first.cell(each, "DLTensor")) for each in chain}
    assert len(data) == 1, "the tensors of the chain do not share their memory"
    for tensor in chain[:-1]:
        other.decref(tensor)
    made.expect_released(0, "while the last tensor of the chain is left")
    other.decref(chain[-1])
    made.expect_released(1, "after the last tensor of the chain")


@clause("XLIB-TENSOR-04")
@each_maker
def test_view_by_the_other_library(runtime: Runtime, second: Runtime, maker: str) -> None:
    both_need("TVMFFITensorCreateUnsafeView", runtime, second)
    first, viewer = assign(maker, runtime, second)
    made = make(first, "tensor")
    view = view_of(viewer, made.obj)
    assert start(viewer.cell(view, "DLTensor")) == start(first.cell(made.obj, "DLTensor"))
    first.decref(made.obj)
    made.expect_released(0, "while the view is left")
    first.decref(view)
    made.expect_released(1, "after the view was dropped by the library of its source")
