# SPDX-License-Identifier: Apache-2.0
"""A byte array with a size and a NULL pointer: a mistake of the caller, met by every function."""

from collections.abc import Callable

import pytest

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.globals import method_info
from ffi_cts.checks.native import CData
from ffi_cts.checks.types import OBJECT, allocate, fresh
from ffi_cts.checks.values import INDEX, any_view, integer
from ffi_cts.engine.marks import requires

Call = Callable[[Runtime, CData], int]


def _method_info(runtime: Runtime, array: CData) -> CData:
    function = runtime.function_create(runtime.closure())
    runtime.at_end(lambda: runtime.decref(function))
    info = method_info(runtime, b"ffi_cts.null", function)
    info.name = array[0]
    return info


def _global(runtime: Runtime, array: CData) -> int:
    function = runtime.function_create(runtime.closure())
    code = int(runtime.TVMFFIFunctionSetGlobal(array, function, 0))
    runtime.decref(function)
    return code


def _field(runtime: Runtime, array: CData) -> int:
    info = runtime.keep(ffi.new("TVMFFIFieldInfo*"))
    info.name = array[0]
    return int(runtime.TVMFFITypeRegisterField(allocate(runtime, fresh()), info))


def _metadata(runtime: Runtime, array: CData) -> int:
    metadata = runtime.keep(ffi.new("TVMFFITypeMetadata*"))
    metadata.doc = array[0]
    return int(runtime.TVMFFITypeRegisterMetadata(allocate(runtime, fresh()), metadata))


def _alloc_index(runtime: Runtime, array: CData) -> int:
    return 0 if runtime.TVMFFITypeGetOrAllocIndex(array, -1, 1, 0, 1, OBJECT) >= 0 else -1


def _column(runtime: Runtime, array: CData) -> int:
    return -1 if runtime.TVMFFIGetTypeAttrColumn(array) == NULL else 0


def _error(runtime: Runtime, array: CData) -> int:
    text, out = runtime.byte_array(b"text"), ffi.new("TVMFFIObjectHandle*")
    texts = ([array, text, text], [text, array, text], [text, text, array])
    return max(int(runtime.TVMFFIErrorCreate(*each, out)) for each in texts)


def _error_with_cause(runtime: Runtime, array: CData) -> int:
    out = ffi.new("TVMFFIObjectHandle*")
    return int(
        runtime.TVMFFIErrorCreateWithCauseAndExtraContext(array, array, array, NULL, NULL, out)
    )


CALLS: dict[str, tuple[Call, tuple[str, ...]]] = {
    "StringFromByteArray": (
        lambda runtime, array: runtime.TVMFFIStringFromByteArray(array, ffi.new("TVMFFIAny*")),
        (),
    ),
    "BytesFromByteArray": (
        lambda runtime, array: runtime.TVMFFIBytesFromByteArray(array, ffi.new("TVMFFIAny*")),
        (),
    ),
    "BigIntFromByteArray": (
        lambda runtime, array: runtime.TVMFFIBigIntFromByteArray(array, ffi.new("TVMFFIAny*")),
        (),
    ),
    "AnyViewToOwnedAny": (
        lambda runtime, array: runtime.TVMFFIAnyViewToOwnedAny(
            any_view(INDEX["ByteArrayPtr"], array), ffi.new("TVMFFIAny*")
        ),
        (),
    ),
    "DataTypeFromString": (
        lambda runtime, array: runtime.TVMFFIDataTypeFromString(array, ffi.new("DLDataType*")),
        (),
    ),
    "FunctionGetGlobal": (
        lambda runtime, array: runtime.TVMFFIFunctionGetGlobal(
            array, ffi.new("TVMFFIObjectHandle*")
        ),
        (),
    ),
    "FunctionSetGlobal": (_global, ("FunctionCreate", "ObjectDecRef")),
    "FunctionSetGlobalFromMethodInfo": (
        lambda runtime, array: runtime.TVMFFIFunctionSetGlobalFromMethodInfo(
            _method_info(runtime, array), 0
        ),
        ("FunctionCreate", "ObjectDecRef"),
    ),
    "TypeKeyToIndex": (
        lambda runtime, array: runtime.TVMFFITypeKeyToIndex(array, ffi.new("int32_t*")),
        (),
    ),
    "TypeGetOrAllocIndex": (_alloc_index, ()),
    "TypeRegisterAttr": (
        lambda runtime, array: runtime.TVMFFITypeRegisterAttr(OBJECT, array, integer(1)),
        (),
    ),
    "TypeRegisterField": (_field, ("TypeGetOrAllocIndex",)),
    "TypeRegisterMethod": (
        lambda runtime, array: runtime.TVMFFITypeRegisterMethod(
            allocate(runtime, fresh()), _method_info(runtime, array)
        ),
        ("TypeGetOrAllocIndex", "FunctionCreate", "ObjectDecRef"),
    ),
    "TypeRegisterMetadata": (_metadata, ("TypeGetOrAllocIndex",)),
    "GetTypeAttrColumn": (_column, ()),
    "ErrorCreate": (_error, ()),
    "ErrorCreateWithCauseAndExtraContext": (_error_with_cause, ()),
}
"""By function: a call with the array that returns 0 if it was accepted, and what else it needs."""
SILENT = ("GetTypeAttrColumn", "ErrorCreate", "ErrorCreateWithCauseAndExtraContext")
"""Functions whose refusals need no error: they say it otherwise, or make errors themselves."""

each_call = pytest.mark.parametrize(
    ("name", "call"),
    [
        pytest.param(
            name, call, id=name, marks=requires(f"TVMFFI{name}", *(f"TVMFFI{n}" for n in needed))
        )
        for name, (call, needed) in CALLS.items()
    ],
)


@clause("STR-NULL-01")
@each_call
def test_size_without_a_pointer_is_refused(runtime: Runtime, name: str, call: Call) -> None:
    array = runtime.keep(ffi.new("TVMFFIByteArray*", {"data": NULL, "size": 8}))
    code = call(runtime, array)
    assert code != 0, f"TVMFFI{name} took 8 bytes at a NULL pointer"
    error = runtime.take_raised()
    assert error != NULL or name in SILENT, f"TVMFFI{name} returned {code} but raised no error"
    if error != NULL:
        runtime.decref(error)
