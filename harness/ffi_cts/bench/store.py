# SPDX-License-Identifier: Apache-2.0
"""The benchmark as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs

from ffi_cts.bench.model import Benchmark, Machine, Measured, Operation, Row, Skip
from ffi_cts.errors import UsageError

SCHEMA_VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("schema.json")
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
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"Can't read the benchmark {path}: {error.strerror or error}.",
            "Give a file that `ffi-cts bench --json` wrote.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"it is not JSON: {error}") from error
    _validate(data, path)
    known = {
        name: tuple(_build(kind, item) for item in data[name]) for name, kind in _LISTS.items()
    }
    benchmark = _build(Benchmark, {**data, **known, "machine": _build(Machine, data["machine"])})
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


def _validate(data: object, path: Path) -> None:
    # Costs a tenth of a second to import, and only reading needs it.
    import jsonschema

    if isinstance(data, dict) and data.get("schema", SCHEMA_VERSION) != SCHEMA_VERSION:
        raise UsageError(
            f"The benchmark {path} has schema {data['schema']!r}; this suite reads "
            f"{SCHEMA_VERSION}.",
            "Read it with the version of the suite that wrote it, or measure again.",
        )
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    worst = jsonschema.exceptions.best_match(errors)
    if worst is not None:
        message = worst.message if len(worst.message) <= 200 else f"{worst.message[:200]}..."
        raise _broken(path, f"at {worst.json_path}: {message}")


def _broken(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"The benchmark {path} is broken: {reason}.",
        "Give a file that `ffi-cts bench --json` wrote and nobody changed since.",
    )
