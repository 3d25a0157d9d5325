# SPDX-License-Identifier: Apache-2.0
"""Exported C functions."""

from packaging.version import Version

from ffi_cts.abi import load
from ffi_cts.abi.model import FIRST_RELEASE
from ffi_cts.checks import Runtime, clause

FUNCTIONS = load().abi.functions


@clause("SYM-EXPORT-01")
def test_functions_of_the_first_release_are_there(runtime: Runtime) -> None:
    missing = [f.name for f in FUNCTIONS if f.since == FIRST_RELEASE and not runtime.has(f.name)]
    assert not missing, f"not exported: {', '.join(missing)}"


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
