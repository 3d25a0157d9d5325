# SPDX-License-Identifier: Apache-2.0
"""The report as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ffi_cts.report.documents import SavedKind, build, plain, to_text
from ffi_cts.report.files import write_text
from ffi_cts.report.words import reasons, visible
from ffi_cts.results import Report

SCHEMA_VERSION = 1
SCHEMA_FILE = Path(__file__).with_name("schema.json")
_KIND = SavedKind("report", SCHEMA_FILE, SCHEMA_VERSION)


def to_data(report: Report) -> dict[str, Any]:
    """Give the report as plain data in the layout of the JSON file."""
    data = plain(report)
    return {
        "schema": SCHEMA_VERSION,
        "suite": data["suite"],
        "kind": report.kind,
        "base_profile": report.base_profile,
        "implementation": data["implementation"],
        "companions": data["companions"],
        **({"machine": data["machine"]} if report.machine is not None else {}),
        "run": data["run"],
        "verdict": report.verdict.value,
        "verdicts": {name: verdict.value for name, verdict in report.verdicts.items()},
        "because": [visible(reason) for reason in reasons(report)],
        "exit_code": report.exit_code(),
        "summary": dict(report.summary),
        "checks": [_entry(check) for check in data["checks"]],
        "findings": data["findings"],
        "expectations": data["expectations"],
        **({"part": data["part"]} if report.part is not None else {}),
    }


def _entry(check: dict[str, Any]) -> dict[str, Any]:
    """A check; where no tensor was exchanged, there is nothing to say of who did it."""
    return {
        name: value
        for name, value in check.items()
        if value or name not in ("producer", "consumer")
    }


def to_json(report: Report) -> str:
    """Give the text of the JSON file. It is pure ASCII."""
    return to_text(to_data(report))


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
    report = build(Report, data)
    verdict = report.verdict.value
    if data["verdict"] != verdict:
        raise _KIND.broken(
            path, f"at $.verdict it says {data['verdict']}, its checks say {verdict}"
        )
    for status, number in data["summary"].items():
        if report.summary.get(status, 0) != number:
            raise _KIND.broken(path, f"at $.summary.{status} it does not count its own checks")
    part = report.part
    if part is not None and (
        len(part.positions) != len(report.checks)
        or len(set(part.positions)) != len(part.positions)
        or not set(part.numbers) <= set(range(1, part.of + 1))
    ):
        raise _KIND.broken(path, "at $.part it does not fit its own checks")
    return report
