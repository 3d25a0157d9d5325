# SPDX-License-Identifier: Apache-2.0
"""What each C operation costs, in the library that the environment has.

That is apache-tvm-ffi where it is installed, else the reference implementation of the
commit. The suite's own kernels and meters do the work, in processes of their own, and
measure all operations at once; asv only keeps the numbers.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

RELEASED = "apache-tvm-ffi"
# asv asks for the n-th operation, and has names from one commit only. So the list belongs to
# these files, which are the same for all commits, and not to what is installed.
LINES = Path(__file__).with_name("operations.txt").read_text("utf-8").splitlines()
OPERATIONS = tuple(line for line in LINES if line and not line.startswith("#"))
COUNTED = tuple(name for name in OPERATIONS if not name.startswith("threads2."))
PATIENCE = 1800
"""Seconds that measuring all operations may take."""


def target() -> str:
    """The library to measure, as the suite names it."""
    try:
        return f"{RELEASED}=={importlib.metadata.version(RELEASED)}"
    except importlib.metadata.PackageNotFoundError:
        return "reference"


def measure(meter: str, **options: Any) -> dict[str, dict[str, Any]]:
    """Measure every operation on one meter, "instructions" or "time".

    `options` are more of ``ffi_cts.bench.settings.Settings``. Gives "values" by operation,
    "broken" with how the library died in others, and "skip" with the reason "" where
    nothing can be measured here. A commit from before the benchmark is such a case.
    """
    if meter == "instructions" and shutil.which("valgrind") is None:
        return _nothing("instructions can't be counted: valgrind is not installed")
    try:
        measurement, settings, resolve = _harness()
    except ModuleNotFoundError as error:
        return _nothing(f"this commit has no benchmark: {error}")
    name = target()
    # The plain name means the installed library, so nothing is ever fetched.
    library = resolve(RELEASED if name.startswith(RELEASED) else name, allow_download=False)
    chosen = settings(meters=(meter,), layers=("c",), force=True, **options)
    found = measurement([library], chosen).run()
    return {
        "values": {row.op: row.value for row in found.results},
        "broken": {skip.op: skip.reason for skip in found.skipped if skip.broken},
        "skip": {},
    }


def _harness() -> tuple[Any, Any, Any]:
    """What measures, its settings, and what finds a library, by the names of the commit."""
    try:
        bench = importlib.import_module("ffi_cts.bench.measure")
        targets = importlib.import_module("ffi_cts.library.targets")
    except ModuleNotFoundError:
        bench = importlib.import_module("ffi_cts.bench.collect")
        targets = importlib.import_module("ffi_cts.targets")
        return bench.Collector, bench.Options, targets.resolve
    return bench.Measurement, bench.Settings, targets.resolve


def _nothing(reason: str) -> dict[str, dict[str, Any]]:
    return {"values": {}, "broken": {}, "skip": {"": reason}}


def value(measured: dict[str, dict[str, Any]], operation: str) -> float:
    """The number of one operation; not a number where the library lacks it.

    Raises RuntimeError where the library broke down, so that asv shows a failure.
    """
    if operation in measured["broken"]:
        raise RuntimeError(f"{operation}: {measured['broken'][operation]}")
    return float(measured["values"].get(operation, math.nan))


class _Suite:
    """What both meters share."""

    param_names = ("operation",)
    # Numbers stay comparable when these files change in other ways.
    version = "1"
    timeout = 60

    def setup(self, measured: dict[str, dict[str, Any]], operation: str) -> None:
        """Leave out what can't be measured here: asv shows it as n/a."""
        for reason in measured["skip"].values():
            raise NotImplementedError(reason)


def _timeout(setup: Callable[..., Any]) -> Callable[..., Any]:
    setup.timeout = PATIENCE  # type: ignore[attr-defined]
    return setup


class Instructions(_Suite):
    """Instructions per operation: exact, so that any change shows."""

    params = (COUNTED,)
    unit = "instructions"

    @_timeout
    def setup_cache(self) -> dict[str, dict[str, Any]]:
        """Count the instructions of all operations once."""
        return measure("instructions")

    def track_instructions(self, measured: dict[str, dict[str, Any]], operation: str) -> float:
        """Instructions that one iteration of the operation takes."""
        return value(measured, operation)


class Time(_Suite):
    """Time per operation: what users feel, but noisy."""

    params = (OPERATIONS,)
    unit = "ns"

    @_timeout
    def setup_cache(self) -> dict[str, dict[str, Any]]:
        """Time all operations once."""
        return measure("time")

    def track_time(self, measured: dict[str, dict[str, Any]], operation: str) -> float:
        """Nanoseconds that one iteration of the operation takes: 10 %-quantile of the rounds."""
        return value(measured, operation)
