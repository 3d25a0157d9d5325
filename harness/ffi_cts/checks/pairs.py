# SPDX-License-Identifier: Apache-2.0
"""Two implementations in one process: who makes an object, and who else handles it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ffi_cts._paths import native_library
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine.sanitizers import unwatched

each_maker = pytest.mark.parametrize("maker", ["target", "second"])
"""Run a check once with objects of the library under test, once with those of the other."""


def assign(maker: str, runtime: Runtime, second: Runtime) -> tuple[Runtime, Runtime]:
    """(the library that makes objects, the other one)."""
    return (runtime, second) if maker == "target" else (second, runtime)


def both_need(function: str, *libraries: Runtime) -> None:
    """Skip the check (it becomes "unsupported") where one of the libraries lacks ``function``."""
    for library in libraries:
        library.need(function)


@contextmanager
def passing_through() -> Iterator[Runtime]:
    """A third library, which is unloaded at the end: its code is gone then.

    It is the reference, linked so that dlclose really unmaps it; a private copy, so that
    nothing else holds it.
    """
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder, unwatched():
        copy = Path(folder) / "libthird.so"
        shutil.copy2(native_library("third"), copy)
        third = Runtime(copy, "the third library")
        yield third
        third.close()
