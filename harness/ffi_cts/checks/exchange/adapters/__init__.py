# SPDX-License-Identifier: Apache-2.0
"""Adapters by name. A library is imported where its adapter is, and that is in children only."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import attrs

from ffi_cts.checks.exchange.adapter import Exchanger

FROM_DLPACK = "lib.from_dlpack(x)"
"""How most libraries take a tensor."""
STRICT = "strict"
"""The peer that travels with the suite."""


@attrs.frozen
class Known:
    """A library with an adapter of its own: what it is imported as, and what installs it."""

    modules: tuple[str, ...]
    distribution: str


KNOWN = {
    "numpy": Known(("numpy",), "numpy"),
    "torch": Known(("torch",), "torch"),
    "jax": Known(("jax", "jax.dlpack", "jax.numpy"), "jax"),
    "pyarrow": Known(("pyarrow",), "pyarrow"),
    "tvm_ffi": Known(("tvm_ffi",), "apache-tvm-ffi"),
}


def exchanger(name: str, path: Path, recipe: tuple[str, ...] = ()) -> Exchanger:
    """The library ``name``: by its ``recipe`` if it has one, else by the adapter for it.

    Any other than those known is the runtime, or the adapter, at ``path``.

    Raises:
        Exception: whatever the library raises on import.
    """
    if recipe:
        from ffi_cts.checks.exchange.adapters.module import ModuleExchanger

        return _named(ModuleExchanger(*recipe), name)
    if name in KNOWN:
        module: Any = importlib.import_module(f"{__name__}.{name}")
        return _named(module.Library(), name)
    if path.suffix == ".py":
        return _named(_loaded(path).Library(), name)
    from ffi_cts.checks.exchange.adapters.runtime import RuntimeExchanger

    return _named(RuntimeExchanger(path), name)


def _named(library: Exchanger, name: str) -> Exchanger:
    library.name = name
    return library


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"ffi_cts_adapter_{path.stem}", path)
    assert spec is not None, f"{path} is a Python file"
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
