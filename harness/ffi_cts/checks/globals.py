# SPDX-License-Identifier: Apache-2.0
"""The global function table as the checks use it."""

from __future__ import annotations

from hypothesis import strategies as st

from ffi_cts.checks import names, values
from ffi_cts.checks.native import CData, ffi
from ffi_cts.checks.runtime import Closure, Runtime
from ffi_cts.checks.values import INDEX

PREFIX = b"ffi_cts."

NAMES = st.one_of(
    names.ODD,
    names.texts(24),
    st.integers(1, 5_000).map(lambda size: b"n" * size),
).map(lambda tail: PREFIX + tail)
"""Names that nothing else registers: with NUL, beyond ASCII, long."""

GARBAGE = 0xBAD0
"""What an output holds before the call; no object has this address."""


def get_global(runtime: Runtime, name: bytes) -> CData:
    """The function under exactly this name, owned by the caller; NULL if there is none."""
    return look_up(runtime, runtime.byte_array(name))


def look_up(runtime: Runtime, name: CData) -> CData:
    """As ``get_global``, for a TVMFFIByteArray*."""
    out = ffi.new("TVMFFIObjectHandle*", ffi.cast("void*", GARBAGE))
    code = runtime.TVMFFIFunctionGetGlobal(name, out)
    names.accepted(runtime, code, values.content(name), "TVMFFIFunctionGetGlobal")
    assert out[0] != ffi.cast("void*", GARBAGE), "TVMFFIFunctionGetGlobal left its output alone"
    return out[0]


def set_global(runtime: Runtime, name: bytes, function: CData, override: bool = False) -> None:
    """Register a function, which is borrowed."""
    code = runtime.TVMFFIFunctionSetGlobal(runtime.byte_array(name), function, int(override))
    names.accepted(runtime, code, name, "TVMFFIFunctionSetGlobal")


def registered(runtime: Runtime, name: bytes, override: bool = True) -> tuple[Closure, CData]:
    """A new closure under ``name``, and its function, of which the caller owns a reference."""
    closure = runtime.closure()
    function = runtime.function_create(closure)
    set_global(runtime, name, function, override)
    return closure, function


def reaches(runtime: Runtime, name: bytes, closure: Closure) -> bool:
    """Whether a call of the global function arrives at ``closure``."""
    before = closure.calls
    function = get_global(runtime, name)
    if function == ffi.NULL:
        return False
    runtime.ok(runtime.call(function)[0], "TVMFFIFunctionCall of a global function")
    runtime.decref(function)
    return closure.calls == before + 1


def method_info(runtime: Runtime, name: bytes, function: CData) -> CData:
    """A TVMFFIMethodInfo* with texts that are not NUL-terminated."""
    info = runtime.keep(ffi.new("TVMFFIMethodInfo*"))
    info.name = runtime.byte_array(name)[0]
    info.doc = runtime.byte_array(b"What it does.")[0]
    info.metadata = runtime.byte_array(b'{"type_schema": "..."}')[0]
    info.method.type_index = INDEX["Function"]
    info.method.v_obj = ffi.cast("TVMFFIObject*", function)
    return info
