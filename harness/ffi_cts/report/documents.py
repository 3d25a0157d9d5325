# SPDX-License-Identifier: Apache-2.0
"""JSON documents that commands write and read back: values of attrs classes, held to a schema."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from ffi_cts._reading import read_text
from ffi_cts.errors import UsageError

_Value = TypeVar("_Value")


def to_text(data: Mapping[str, object]) -> str:
    """The text of a document. It is pure ASCII."""
    return json.dumps(plain(data), indent=1, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Turn what the suite computes with into what JSON has for it."""
    if attrs.has(type(value)):
        return {f.name: plain(getattr(value, f.name)) for f in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        # Lone surrogates (bytes that are no UTF-8) have no place in JSON.
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def build(cls: type[_Value], data: Mapping[str, Any]) -> _Value:
    """Build a value from the fields that its class knows; a newer suite may have written more.

    `data` has been held against a schema, so nothing is checked here.
    """
    hints = _hints(cls)  # type: ignore[arg-type]
    return cls(**{name: _convert(hints[name], data[name]) for name in data if name in hints})


@cache
def _hints(cls: type[Any]) -> Mapping[str, Any]:
    """The types of the fields of a class."""
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in attrs.fields(cls)}


def _convert(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        (hint,) = (each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_convert(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and attrs.has(hint):
        return build(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value


def _finite(text: str) -> float:
    """A number that JSON can hold, which infinity and "not a number" are not."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no number")
    return number


_WRITERS = {
    "report": "ffi-cts run",
    "benchmark": "ffi-cts bench",
    "comparison": "ffi-cts compare",
    "table": "ffi-cts report",
}
"""Which command writes which kind of document, each with --json."""


def _kind_of(data: object) -> str | None:
    """Which of the suite's own documents this is meant to be, None if it is none."""
    if not isinstance(data, dict):
        return None
    if data.get("kind") in ("benchmark", "comparison", "table"):
        return str(data["kind"])
    return "report" if {"suite", "verdict", "checks"} <= set(data) else None


@frozen
class SavedKind:
    """A kind of document: its `name`, one of those above, its schema and that one's version."""

    name: str
    schema_file: Path
    version: int

    def read(self, path: Path) -> dict[str, Any]:
        """Read a file and hold it against the schema. Raises UsageError naming what is wrong."""
        data = self.load(path)
        self.validate(data, path)
        return data  # type: ignore[return-value]  # the schema wants an object

    def load(self, path: Path) -> object:
        """Parse the file, without a look at what it holds. Raises UsageError."""
        text = read_text(path, self.name, "Give a file that was written with --json.")
        try:
            data: object = json.loads(text, parse_float=_finite, parse_constant=_finite)
        except (ValueError, RecursionError) as error:
            raise self.broken(path, f"it is not JSON: {error}") from error
        return data

    def validate(self, data: object, path: Path) -> None:
        """Hold plain data against the schema; `path` is for messages. Raises UsageError."""
        # Costs a tenth of a second to import, and only reading a file needs it.
        import jsonschema

        kind = _kind_of(data)
        if kind not in (None, self.name):
            raise UsageError(
                f"{path} is a {kind}, which `{_WRITERS[kind]}` wrote; "
                f"a {self.name} is wanted here.",
                f"Write one with `{_WRITERS[self.name]} ... --json FILE`.",
            )
        if isinstance(data, dict) and data.get("schema", self.version) != self.version:
            raise UsageError(
                f"The {self.name} {path} has schema {data['schema']!r}; this suite reads "
                f"{self.version}.",
                "Read it with the version of the suite that wrote it.",
            )
        schema = json.loads(self.schema_file.read_text(encoding="utf-8"))
        errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
        worst = jsonschema.exceptions.best_match(errors)
        if worst is not None:
            message = worst.message if len(worst.message) <= 200 else f"{worst.message[:200]}..."
            raise self.broken(path, f"at {worst.json_path}: {message}")

    def broken(self, path: Path, reason: str) -> UsageError:
        """The error for a file that is not what it should be."""
        return UsageError(
            f"The {self.name} {path} is broken: {reason}.",
            "Give a file that was written with --json and not changed since.",
        )
