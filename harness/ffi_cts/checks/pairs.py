# SPDX-License-Identifier: Apache-2.0
"""Two implementations in one process: who makes an object, and who else handles it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ffi_cts.checks.runtime import Runtime

each_maker = pytest.mark.parametrize("maker", ["target", "second"])
"""Run a check once with objects of the library under test, once with those of the other."""


def assign(maker: str, runtime: Runtime, second: Runtime) -> tuple[Runtime, Runtime]:
    """(the library that makes objects, the other one)."""
    return (runtime, second) if maker == "target" else (second, runtime)


def both_need(function: str, *libraries: Runtime) -> None:
    """Skip the check (it becomes "unsupported") where one of the libraries lacks ``function``."""
    for library in libraries:
        if not library.has(function):
            pytest.skip(f"{library.name} lacks {function}")


@contextmanager
def passing_through(source: Path) -> Iterator[Runtime]:
    """A third library, a private copy of ``source``, that is unloaded at the end."""
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder:
        copy = Path(folder) / "libthird.so"
        shutil.copy2(source, copy)
        third = Runtime(copy, "the third library")
        yield third
        third.close()
