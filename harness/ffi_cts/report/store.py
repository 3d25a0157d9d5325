# SPDX-License-Identifier: Apache-2.0
"""The report as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from ffi_cts.report.files import SavedKind, write_text
from ffi_cts.report.words import reasons, visible
from ffi_cts.results import (
    CheckResult,
    CompanionFacts,
    ExpectationNote,
    ExpectationSummary,
    Finding,
    Implementation,
    Level,
    Report,
    Run,
    Status,
    Suite,
)

SCHEMA_VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("schema.json")
_KIND = SavedKind("report", SCHEMA_FILE, SCHEMA_VERSION)


def to_data(report: Report) -> dict[str, Any]:
    """Give the report as plain data in the layout of the JSON file."""
    data = _plain(attrs.asdict(report))
    return {
        "schema": SCHEMA_VERSION,
        "suite": data["suite"],
        "kind": report.kind,
        "base_profile": report.base_profile,
        "implementation": data["implementation"],
        "companions": data["companions"],
        "run": data["run"],
        "verdict": report.verdict.value,
        "verdicts": {name: verdict.value for name, verdict in report.verdicts.items()},
        "because": [visible(reason) for reason in reasons(report)],
        "exit_code": report.exit_code(),
        "summary": dict(report.summary),
        "checks": data["checks"],
        "findings": data["findings"],
        "expectations": data["expectations"],
    }


def to_json(report: Report) -> str:
    """Give the text of the JSON file. It is pure ASCII."""
    return json.dumps(to_data(report), indent=1, allow_nan=False) + "\n"


def write(report: Report, path: Path) -> None:
    """Write the JSON file. Raises UsageError."""
    write_text(path, to_json(report))


def read(path: Path) -> Report:
    """Read a JSON file back. Raises UsageError naming the place that is wrong."""
    return from_data(_KIND.load(path), path)


def from_data(data: object, path: Path) -> Report:
    """Build a report from plain data; `path` is for error messages. Raises UsageError."""
    _KIND.validate(data, path)
    # The schema has vouched for every key and type used from here on.
    assert isinstance(data, dict)
    notes = data["expectations"]
    report = Report(
        suite=_known(Suite, data["suite"]),
        implementation=_known(Implementation, data["implementation"]),
        run=_known(Run, data["run"]),
        kind=data.get("kind", "runtime"),
        base_profile=data.get("base_profile", "core"),
        companions=tuple(_known(CompanionFacts, each) for each in data.get("companions", ())),
        checks=tuple(_known(CheckResult, check) for check in data["checks"]),
        findings=tuple(_known(Finding, finding) for finding in data["findings"]),
        expectations=ExpectationSummary(
            **{
                field.name: tuple(_known(ExpectationNote, n) for n in notes.get(field.name, ()))
                for field in attrs.fields(ExpectationSummary)
            }
        ),
    )
    verdict = report.verdict.value
    if data["verdict"] != verdict:
        raise _KIND.broken(
            path, f"at $.verdict it says {data['verdict']}, its checks say {verdict}"
        )
    for status, number in data["summary"].items():
        if report.summary.get(status, 0) != number:
            raise _KIND.broken(path, f"at $.summary.{status} it does not count its own checks")
    return report


def _plain(value: Any) -> Any:
    """Turn tuples, enum members and text into what JSON has for them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        # Lone surrogates (bytes that are no UTF-8) have no place in JSON.
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _known(cls: type[Any], data: dict[str, Any]) -> Any:
    """Build a value from the fields it knows; a newer suite may have written more."""
    converted = {}
    for field in attrs.fields(cls):
        if field.name in data:
            converted[field.name] = _value(field.name, data[field.name])
    return cls(**converted)


def _value(name: str, value: object) -> object:
    if name == "level":
        return Level(value)
    if name == "status":
        return Status(value)
    return tuple(value) if isinstance(value, list) else value
