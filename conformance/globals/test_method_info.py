# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionSetGlobalFromMethodInfo: the same table, with a description."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import Closure, Runtime, clause, ffi
from ffi_cts.checks.globals import NAMES, method_info, reaches, registered
from ffi_cts.checks.native import CData


def described(runtime: Runtime, name: bytes, override: int) -> tuple[int, Closure, CData]:
    """Register a new closure with a description: (code, closure, its function, owned)."""
    closure = runtime.closure()
    function = runtime.function_create(closure)
    info = method_info(runtime, name, function)
    code = runtime.TVMFFIFunctionSetGlobalFromMethodInfo(info, override)
    return code, closure, function


@clause("GLOB-METHOD-01")
@given(name=NAMES)
@example(name=b"ffi_cts.described")
def test_registered_function_is_found(runtime: Runtime, name: bytes) -> None:
    code, closure, function = described(runtime, name, 1)
    runtime.ok(code, "TVMFFIFunctionSetGlobalFromMethodInfo")
    runtime.decref(function)
    assert closure.deletions == 0, "a global function died with the reference of its registrar"
    assert reaches(runtime, name, closure)


@clause("GLOB-METHOD-02")
@given(name=NAMES, first=st.booleans())
@example(name=b"ffi_cts.described", first=True)
@example(name=b"ffi_cts.described", first=False)
def test_taken_name_is_refused_without_override(runtime: Runtime, name: bytes, first: bool) -> None:
    if first:
        code, old, old_function = described(runtime, name, 1)
        runtime.ok(code, "TVMFFIFunctionSetGlobalFromMethodInfo")
    else:
        old, old_function = registered(runtime, name)
    code, new, function = described(runtime, name, 0)
    error = runtime.refused(code, "TVMFFIFunctionSetGlobalFromMethodInfo of a name that is taken")
    assert reaches(runtime, name, old), "a refused registration took the name away"
    runtime.decref(function)
    assert new.deletions == 1, "a refused registration left a reference behind"
    runtime.decref(error)
    runtime.decref(old_function)


@clause("GLOB-METHOD-03")
@given(name=NAMES)
@example(name=b"ffi_cts.described")
def test_override_replaces(runtime: Runtime, name: bytes) -> None:
    old, old_function = registered(runtime, name)
    code, new, function = described(runtime, name, 1)
    runtime.ok(code, "TVMFFIFunctionSetGlobalFromMethodInfo with allow_override")
    assert reaches(runtime, name, new), "the name does not lead to the function that replaced"
    assert old.calls == 0
    runtime.decref(old_function)
    runtime.decref(function)


@clause("GLOB-METHOD-04")
@given(name=NAMES)
@example(name=b"ffi_cts.copied")
def test_name_is_copied(runtime: Runtime, name: bytes) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    info = method_info(runtime, name, function)
    code = runtime.TVMFFIFunctionSetGlobalFromMethodInfo(info, 1)
    runtime.ok(code, "TVMFFIFunctionSetGlobalFromMethodInfo")
    ffi.memmove(ffi.cast("char*", info.name.data), b"#" * len(name), len(name))
    ffi.memmove(info, bytes(ffi.sizeof("TVMFFIMethodInfo")), ffi.sizeof("TVMFFIMethodInfo"))
    assert reaches(runtime, name, closure), "the name changed with the caller's memory"
    runtime.decref(function)
