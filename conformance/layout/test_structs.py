# SPDX-License-Identifier: Apache-2.0
"""Sizes of structs and offsets of fields, as compilers see the headers."""

from pathlib import Path

import pytest

from ffi_cts.checks import clause
from ffi_cts.checks.headers import COMPILERS, alignment_items, compare, compiler, struct_items

each_compiler = pytest.mark.parametrize("program", COMPILERS)

VALUES = ("TVMFFIAny", "TVMFFIByteArray", "TVMFFIVersion")
OBJECTS = ("TVMFFIObject", "TVMFFIFunctionCell", "TVMFFIOpaqueObjectCell", "TVMFFIShapeCell")
REFLECTION = ("TVMFFITypeInfo", "TVMFFIFieldInfo", "TVMFFIMethodInfo", "TVMFFITypeMetadata")
ALIGNED = dict.fromkeys(("TVMFFIAny", "TVMFFIObject", "DLTensor", "TVMFFIFieldInfo"), 8)


@each_compiler
@clause(
    "LAYOUT-HEADER-01",
    "LAYOUT-ANY-01",
    "LAYOUT-BYTEARRAY-01",
    "LAYOUT-VERSION-01",
    "LAYOUT-OBJECT-01",
    "LAYOUT-CELL-01",
    "LAYOUT-CELL-02",
    "LAYOUT-CELL-03",
    "LAYOUT-CELL-04",
    "LAYOUT-ALIGN-01",
)
def test_values_and_objects(headers: Path, program: str) -> None:
    items = struct_items(*VALUES, *OBJECTS, "TVMFFIErrorCell") + alignment_items(ALIGNED)
    compare(compiler(program, headers), items)


@each_compiler
@clause("LAYOUT-TYPE-01", "LAYOUT-TYPE-02", "LAYOUT-TYPE-03", "LAYOUT-TYPE-04", "LAYOUT-TYPE-05")
def test_reflection(headers: Path, program: str) -> None:
    compare(compiler(program, headers), struct_items(*REFLECTION, "TVMFFITypeAttrColumn"))


@each_compiler
@clause("LAYOUT-CELL-05")
def test_sequence_cell(headers: Path, program: str) -> None:
    compare(compiler(program, headers), struct_items("TVMFFISeqCell"))


@each_compiler
@clause("LAYOUT-ALLOC-01", "LAYOUT-ALLOC-02")
def test_allocator(headers: Path, program: str) -> None:
    items = struct_items("TVMFFIObjectAllocHeader", "TVMFFICustomAllocator")
    compare(compiler(program, headers), items)
