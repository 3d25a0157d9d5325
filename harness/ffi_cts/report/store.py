# SPDX-License-Identifier: Apache-2.0
"""The report as a JSON file: written whole or not at all, and checked when read."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from ffi_cts.errors import UsageError
from ffi_cts.results import (
    CheckResult,
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


def to_data(report: Report) -> dict[str, Any]:
    """Give the report as plain data in the layout of the JSON file."""
    data = _plain(attrs.asdict(report))
    return {
        "schema": SCHEMA_VERSION,
        "suite": data["suite"],
        "implementation": data["implementation"],
        "run": data["run"],
        "verdict": report.verdict.value,
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
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"Can't read the report {path}: {error.strerror or error}.",
            "Give a file that was written with --json.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"it is not JSON: {error}") from error
    return from_data(data, path)


def from_data(data: object, path: Path) -> Report:
    """Build a report from plain data; `path` is for error messages. Raises UsageError."""
    _validate(data, path)
    # The schema has vouched for every key and type used from here on.
    assert isinstance(data, dict)
    notes = data["expectations"]
    report = Report(
        suite=_known(Suite, data["suite"]),
        implementation=_known(Implementation, data["implementation"]),
        run=_known(Run, data["run"]),
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
        raise _broken(path, f"at $.verdict it says {data['verdict']}, its checks say {verdict}")
    for status, number in data["summary"].items():
        if report.summary.get(status, 0) != number:
            raise _broken(path, f"at $.summary.{status} it does not count its own checks")
    return report


def check_writable(path: Path) -> None:
    """Find out before a run whether a report can be written to the path; leave nothing behind.

    Raises UsageError if the path is a directory, or its directory is missing or not writable.
    """
    remedy = "Give a path in an existing folder that can be written."
    if path.is_dir():
        raise UsageError(f"The report can't be written to {path}: it is a directory.", remedy)
    if _in_place(path):
        if os.access(path, os.W_OK):
            return
        raise UsageError(f"The report can't be written to {path}: permission denied.", remedy)
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise UsageError(
            f"The report can't be written to {path}: there is no folder {target.parent}.", remedy
        )
    # Asking for permission is no proof (read-only mounts, quotas, root), so try it.
    probe = _temporary(target)
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        probe.unlink()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The report can't be written to {path}: {getattr(error, 'strerror', error)}.", remedy
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a report of any kind, so that the file is whole or unchanged. Raises UsageError."""
    try:
        if _in_place(path):
            path.write_text(text, encoding="utf-8")
            return
        target = Path(os.path.realpath(path))
        temporary = _temporary(target)
        try:
            # Created by hand: tempfile would make it readable by its owner only.
            with temporary.open("x", encoding="utf-8") as file:
                file.write(text)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise UsageError(
            f"The report can't be written to {path}: {error.strerror or error}.",
            "Give a path in an existing folder that can be written.",
        ) from error


def _in_place(path: Path) -> bool:
    """Whether the path is a device or pipe, which must be written to rather than replaced."""
    if str(path).startswith(("/dev/", "/proc/")):
        return True
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name[:200]}.{os.getpid()}.tmp")


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


def _validate(data: object, path: Path) -> None:
    # Costs a tenth of a second to import, and only reading a report needs it.
    import jsonschema

    if isinstance(data, dict) and data.get("schema", SCHEMA_VERSION) != SCHEMA_VERSION:
        raise UsageError(
            f"The report {path} has schema {data['schema']!r}; this suite reads {SCHEMA_VERSION}.",
            "Render it with the version of the suite that wrote it.",
        )
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    worst = jsonschema.exceptions.best_match(errors)
    if worst is not None:
        message = worst.message if len(worst.message) <= 200 else f"{worst.message[:200]}..."
        raise _broken(path, f"at {worst.json_path}: {message}")


def _broken(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"The report {path} is broken: {reason}.",
        "Give a file that was written with --json and not changed since.",
    )
