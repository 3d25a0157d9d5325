# SPDX-License-Identifier: Apache-2.0
"""What checks of a runtime ask for by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ffi_cts._paths import resource
from ffi_cts.checks.native import native
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine.context import current


class RuntimeFixtures:
    """Plugin with the fixtures; registered beside the plugin that collects."""

    @pytest.fixture
    def runtime(self) -> Iterator[Runtime]:
        """The implementation under test."""
        runtime = loaded(current().subject.path, "the library")
        yield runtime
        runtime.finish()

    @pytest.fixture
    def second(self) -> Runtime:
        """A second implementation in the same process: the reference, or what --against names."""
        companion = current().subject.companion("second")
        return loaded(companion.path, companion.id)

    @pytest.fixture
    def headers(self) -> Path:
        """Folder with the C headers to judge: the implementer's own, or the generated ones."""
        return current().subject.include or resource("include")

    @pytest.fixture
    def release(self) -> str:
        """The release the library was published as; skips where that is unknown."""
        version = current().subject.release
        if version is None:
            pytest.skip("the target is no published release")
        return version


def loaded(path: Path, name: str, *, globally: bool = False) -> Runtime:
    """Load a library and give crashes their default handling back."""
    crumbs = current().crumbs
    if crumbs is not None:
        crumbs.enter(f"dlopen of {name} (its constructors)")
    runtime = Runtime(path, name, globally=globally)
    if crumbs is not None:
        crumbs.begin_example()
    native.cts_signals_default()
    return runtime
