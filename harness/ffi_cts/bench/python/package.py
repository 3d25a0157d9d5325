# SPDX-License-Identifier: Apache-2.0
"""Imports the Python package that a released library belongs to, from where the library lies."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

from ffi_cts.bench.python.reasons import Unavailable, reason_of

NAME = "tvm_ffi"

# Attributes by which a release finds the functions that turn a torch tensor into a DLTensor.
_EXCHANGES = ("__dlpack_c_exchange_api__", "__c_dlpack_exchange_api__")


def load(library: Path) -> Any:
    """Import the package whose folder `lib` holds `library`, and no other.

    PyTorch, if imported before, is shown to it only if they know each other (`knows_torch`).

    Raises:
        Unavailable: there is no package, or not for this Python, or it can't be imported.
    """
    root = library.parent.parent
    _check(root)
    with _torch_hidden(not knows_torch(library)), _first_on_path(root.parent):
        try:
            package = importlib.import_module(NAME)
        except Exception as error:  # foreign code runs here
            raise Unavailable(
                f"the package beside the library can't be imported: {reason_of(error)}"
            ) from None
    _check_loaded(library)
    return package


def knows_torch(library: Path) -> bool:
    """Whether PyTorch is imported, and offers what this release looks for in it.

    If it doesn't, importing both makes the release compile an extension, for a minute.
    """
    torch = sys.modules.get("torch")
    source = library.parent.parent / "_optional_torch_c_dlpack.py"
    if torch is None or not source.is_file():
        return False
    text = source.read_text(encoding="utf-8")
    return any(hasattr(torch.Tensor, name) and name in text for name in _EXCHANGES)


def _check(root: Path) -> None:
    if root.name != NAME:
        raise Unavailable("the library does not lie in an apache-tvm-ffi package")
    if not (root / "__init__.py").is_file():
        raise Unavailable("the library lies alone: only an unpacked wheel has the Python package")
    cores = [path.name for path in sorted(root.glob("core.*.so"))]
    if not any(f"core{suffix}" in cores for suffix in EXTENSION_SUFFIXES):
        version = ".".join(map(str, sys.version_info[:2]))
        found = " and ".join(cores) or "no core extension"
        raise Unavailable(f"the package beside the library has {found}: not for Python {version}")


def _check_loaded(library: Path) -> None:
    """The package looks for its library by itself: it must have found the one under test."""
    with Path("/proc/self/maps").open(encoding="utf-8", errors="replace") as lines:
        loaded = {line.split(maxsplit=5)[-1].rstrip("\n") for line in lines if "/" in line}
    for other in sorted(loaded):
        if Path(other).name == library.name and not library.samefile(other):
            raise Unavailable(f"the package beside the library loaded another one: {other}")


@contextmanager
def _first_on_path(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


@contextmanager
def _torch_hidden(hidden: bool) -> Iterator[None]:
    """While entered and `hidden`, importing torch fails."""
    modules: dict[str, Any] = sys.modules
    before = modules.get("torch")
    if hidden:
        modules["torch"] = None
    try:
        yield
    finally:
        if hidden:
            del modules["torch"]
            if before is not None:
                modules["torch"] = before
