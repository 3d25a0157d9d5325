# SPDX-License-Identifier: Apache-2.0
"""Where the suite's data lives: beside the package when installed, in the checkout otherwise."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def resource(name: str) -> Path:
    """Folder or file ``name`` ("spec", "tests/mutants" …) that travels with the suite.

    Raises:
        FileNotFoundError: neither the installed package nor a checkout has it.
    """
    for root in (_PACKAGE, _CHECKOUT):
        candidate = root / name
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"{name}: not in the installed package; reinstall ffi-cts")


def checkout() -> Path | None:
    """Root of the source checkout this package is run from, None when it is installed."""
    return _CHECKOUT if (_CHECKOUT / "reference_impl" / "internal.h").exists() else None


def native_library(stem: str) -> Path:
    """A shared library that the build made: ``libffi_cts_<stem>.so``."""
    return _built(f"libffi_cts_{stem}.so")


def native_program(stem: str) -> Path:
    """A program that the build made: ``ffi_cts_<stem>``."""
    return _built(f"ffi_cts_{stem}")


def _built(file: str) -> Path:
    """What the build made under the name ``file``.

    The folder named by FFI_CTS_NATIVE_DIR goes first, so that a sanitizer build
    can take the place of what is installed.

    Raises:
        FileNotFoundError: nothing was built.
    """
    override = os.environ.get("FFI_CTS_NATIVE_DIR")
    folders = [Path(override)] if override else []
    folders += [_PACKAGE / "lib", _CHECKOUT / "build"]
    for folder in folders:
        if (folder / file).exists():
            return (folder / file).resolve()
    raise FileNotFoundError(
        f"{file}: not built. Install the package (pip install .) or build the checkout "
        "(cmake -S . -B build && cmake --build build)."
    )


def reference_library() -> Path:
    """The reference implementation, built and installed with the package."""
    return native_library("reference")
