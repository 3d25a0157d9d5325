# SPDX-License-Identifier: Apache-2.0
"""The private names of pytest and Hypothesis that the engine can not do without.

Nobody promises that they stay. Whatever is gone in some version is a clear error of the suite.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable
from typing import Any

import pytest

from ffi_cts.errors import HarnessError


def run_item(item: pytest.Item) -> None:
    """Set up, call and tear down one test. Raises HarnessError."""
    _borrow("pytest", "_pytest.runner", "runtestprotocol")(item, log=False, nextitem=None)


def explain_with(compare: Callable[[str, object, object], None]) -> None:
    """Have pytest tell ``compare`` the operator and the operands of each comparison that fails.

    Raises HarnessError.
    """
    _borrow("pytest", "_pytest.assertion.util", "_reprcompare")
    util: Any = importlib.import_module("_pytest.assertion.util")
    util._reprcompare = compare  # noqa: SLF001 (what this module is for)


def forget_local_constants() -> None:
    """Keep Hypothesis from mining the caller's modules for constants.

    What it finds depends on where the suite is installed and what else is imported; the
    examples of a check must not. Raises HarnessError.
    """
    home = "hypothesis.internal.conjecture.providers"
    empty = _borrow("hypothesis", home, "_local_constants")
    _borrow("hypothesis", home, "_get_local_constants")
    providers: Any = importlib.import_module(home)
    providers._get_local_constants = lambda: empty  # noqa: SLF001 (what this module is for)


def aim_state_machines(version: str, blob: bytes) -> None:
    """Have the state machines that run from now on replay one program. Raises HarnessError."""
    home, name = "hypothesis.stateful", "get_state_machine_test"
    original = _borrow("hypothesis", home, name)

    def aimed(*args: Any, **kwargs: Any) -> Any:
        test = original(*args, **kwargs)
        test._hypothesis_internal_use_reproduce_failure = (version, blob)  # noqa: SLF001
        return test

    setattr(importlib.import_module(home), name, aimed)


def _borrow(package: str, module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise HarnessError(
            f"{package} {importlib.metadata.version(package)} has no {module}.{name}, which this "
            "version of the suite needs.",
            f"Install a version of {package} from the time of the suite, or a newer suite.",
        ) from error
