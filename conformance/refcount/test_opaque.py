# SPDX-License-Identifier: Apache-2.0
"""TVMFFIObjectCreateOpaque: the handle and its deleter."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.native import CData
from ffi_cts.checks.values import INDEX


@clause("REF-OPAQUE-01")
@given(handle=st.sampled_from([0, 1, 7, 2**63, 2**64 - 1]), with_deleter=st.booleans())
@example(handle=0, with_deleter=False)
@example(handle=0, with_deleter=True)
@example(handle=1, with_deleter=True)
def test_handle_is_any_pointer(runtime: Runtime, handle: int, with_deleter: bool) -> None:
    deleted: list[int] = []

    def delete(given: CData) -> None:
        deleted.append(int(ffi.cast("uintptr_t", given)))

    deleter = ffi.callback("void(void*)", delete)
    out = ffi.new("TVMFFIObjectHandle*")
    code = runtime.TVMFFIObjectCreateOpaque(
        ffi.cast("void*", handle), INDEX["OpaquePyObject"], deleter if with_deleter else NULL, out
    )
    runtime.ok(code, "TVMFFIObjectCreateOpaque")
    cell = runtime.cell(out[0], "TVMFFIOpaqueObjectCell")
    assert int(ffi.cast("uintptr_t", cell.handle)) == handle, "the cell holds another handle"
    assert not deleted, "the deleter ran while a reference is left"
    runtime.decref(out[0])
    assert deleted == ([handle] if with_deleter else []), (
        f"the deleter ran with {deleted} for the handle {handle:#x}"
    )
