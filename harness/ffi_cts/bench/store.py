# SPDX-License-Identifier: Apache-2.0
"""The benchmark as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

from pathlib import Path

from ffi_cts.bench.model import Benchmark
from ffi_cts.report.documents import SavedKind, build, plain, to_text

SCHEMA_VERSION = 1
_KIND = SavedKind("benchmark", Path(__file__).with_name("schema.json"), SCHEMA_VERSION)


def to_json(benchmark: Benchmark) -> str:
    """Give the text of the JSON file. It is pure ASCII."""
    data = {"schema": SCHEMA_VERSION, "kind": "benchmark", **plain(benchmark)}
    return to_text(data)


def read(path: Path) -> Benchmark:
    """Read a JSON file back. Raises UsageError naming the place that is wrong."""
    return build(Benchmark, _KIND.read(path))
