# SPDX-License-Identifier: Apache-2.0
"""The benchmark as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs

from ffi_cts.bench.model import Benchmark, Measured, Operation, Place, Row, Skip
from ffi_cts.report.files import SavedKind

SCHEMA_VERSION = 1
_KIND = SavedKind("benchmark", Path(__file__).with_name("schema.json"), SCHEMA_VERSION)
_LISTS: dict[str, type[Any]] = {
    "targets": Measured,
    "operations": Operation,
    "results": Row,
    "skipped": Skip,
}


def to_json(benchmark: Benchmark) -> str:
    """Give the text of the JSON file. It is pure ASCII."""
    data = {"schema": SCHEMA_VERSION, "kind": "benchmark", **attrs.asdict(benchmark)}
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


def read(path: Path) -> Benchmark:
    """Read a JSON file back. Raises UsageError naming the place that is wrong."""
    data = _KIND.load(path)
    _KIND.validate(data, path)
    # The schema has vouched for every key and type used from here on.
    assert isinstance(data, dict)
    known = {
        name: tuple(_build(kind, item) for item in data[name]) for name, kind in _LISTS.items()
    }
    benchmark = _build(Benchmark, {**data, **known, "machine": _build(Place, data["machine"])})
    assert isinstance(benchmark, Benchmark)
    return benchmark


def _build(kind: type[Any], data: dict[str, Any]) -> Any:
    """Build a value from the fields it knows; a newer suite may have written more."""
    return kind(
        **{
            field.name: tuple(data[field.name])
            if isinstance(data[field.name], list)
            else data[field.name]
            for field in attrs.fields(kind)
            if field.name in data
        }
    )
