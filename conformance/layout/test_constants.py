# SPDX-License-Identifier: Apache-2.0
"""Enumerators, macros and prototypes, as compilers see the headers."""

from pathlib import Path

import pytest

from ffi_cts.abi import load
from ffi_cts.checks import clause
from ffi_cts.checks.headers import (
    COMPILERS,
    compare,
    compiler,
    constant_items,
    enum_items,
    function_items,
    struct_items,
)

each_compiler = pytest.mark.parametrize("program", COMPILERS)

DLPACK = (
    "DLDevice",
    "DLDataType",
    "DLTensor",
    "DLPackVersion",
    "DLManagedTensor",
    "DLManagedTensorVersioned",
)
ENUMS = (
    "TVMFFITypeIndex",
    "TVMFFIObjectDeleterFlagBitMask",
    "TVMFFIBacktraceUpdateMode",
    "TVMFFIFieldFlagBitMask",
    "TVMFFISEqHashKind",
)


@each_compiler
@clause("LAYOUT-ENUM-01", "LAYOUT-ENUM-02", "LAYOUT-ENUM-03", "LAYOUT-ENUM-04", "LAYOUT-ENUM-05")
def test_type_indices_flags_and_modes(headers: Path, program: str) -> None:
    compare(compiler(program, headers), enum_items(*ENUMS))


@each_compiler
@clause("LAYOUT-ENUM-06")
def test_definition_regions(headers: Path, program: str) -> None:
    compare(compiler(program, headers), enum_items("TVMFFIDefRegionKind"))


@each_compiler
@clause(
    "LAYOUT-DLPACK-01",
    "LAYOUT-DLPACK-02",
    "LAYOUT-DLPACK-03",
    "LAYOUT-DLPACK-04",
    "LAYOUT-DLPACK-05",
    "LAYOUT-DLPACK-06",
    "LAYOUT-ENUM-07",
    "LAYOUT-ENUM-08",
    "LAYOUT-ENUM-09",
    "LAYOUT-ENUM-10",
)
def test_dlpack(headers: Path, program: str) -> None:
    items = struct_items(*DLPACK) + enum_items("DLDeviceType", "DLDataTypeCode")
    items += constant_items(c.name for c in load().abi.constants if not c.open)
    compare(compiler(program, headers), items)


@each_compiler
@clause("LAYOUT-FUNC-01")
def test_prototypes(headers: Path, program: str) -> None:
    cc = compiler(program, headers)
    compare(cc, function_items(cc, load().abi.functions))
