# SPDX-License-Identifier: Apache-2.0
"""Registered with pytest: ``pytest --pyargs ffi_cts.conformance --ffi-target PATH``.

Kept tiny, because pytest imports it in every run of the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("ffi-cts", "conformance of a TVM FFI implementation")
    group.addoption("--ffi-target", metavar="TARGET", help="library, release or 'reference'")
    group.addoption(
        "--ffi-effort", default="standard", choices=["quick", "standard", "deep"], help="examples"
    )
    group.addoption("--ffi-seed", type=int, default=0, help="0 (the default) is deterministic")
    group.addoption("--ffi-jobs", type=int, default=0, help="checks at once; 0: one per core")
    group.addoption("--ffi-timeout-scale", type=float, default=1.0, help="multiplies timeouts")
    group.addoption("--ffi-include", metavar="DIR", help="C headers of the implementer")
    group.addoption("--ffi-profile", default="", metavar="LIST", help="comma-separated profiles")
    group.addoption("--ffi-expect", metavar="FILE", help="known deviations, as for `ffi-cts run`")
    group.addoption("--ffi-strict", action="store_true", help="stale expectations fail the run")
    group.addoption("--ffi-json", metavar="FILE", help="write the full report")
    group.addoption("--ffi-against", default="reference", help="second library of cross checks")


def pytest_configure(config: pytest.Config) -> None:
    """Take over if a target was named."""
    if config.getoption("--ffi-target"):
        from ffi_cts.frontends.pytest import register

        register(config)
