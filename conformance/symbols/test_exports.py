# SPDX-License-Identifier: Apache-2.0
"""Exported C functions."""

import pytest
from packaging.version import Version

from ffi_cts.abi import load
from ffi_cts.abi.model import FIRST_RELEASE
from ffi_cts.checks import Runtime, clause

FUNCTIONS = load().abi.functions
FROM_THE_START = [function.name for function in FUNCTIONS if function.since == FIRST_RELEASE]


@clause("SYM-EXPORT-01")
@pytest.mark.parametrize("name", FROM_THE_START)
def test_function_of_the_first_release_is_there(runtime: Runtime, name: str) -> None:
    assert runtime.has(name), f"{name} is not exported"


@clause("SYM-EXPORT-02")
def test_no_function_is_left_out(runtime: Runtime) -> None:
    present = [function for function in FUNCTIONS if runtime.has(function.name)]
    newest = max((Version(function.since) for function in present), default=Version("0"))
    missing = [
        f"{function.name} (since {function.since})"
        for function in FUNCTIONS
        if not runtime.has(function.name) and Version(function.since) <= newest
    ]
    assert not missing, f"has functions of {newest}, but lacks {', '.join(missing)}"
