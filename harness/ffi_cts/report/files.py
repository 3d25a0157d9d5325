# SPDX-License-Identifier: Apache-2.0
"""Files that commands write and read back: whole or not at all, and checked when read."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from pathlib import Path

from attrs import frozen

from ffi_cts.errors import UsageError


@frozen
class SavedKind:
    """A kind of JSON file: its `name` for messages, its JSON schema and that schema's version."""

    name: str
    schema_file: Path
    version: int

    def load(self, path: Path) -> object:
        """Parse the file, without a look at what it holds. Raises UsageError."""
        try:
            data: object = json.loads(path.read_bytes())
        except OSError as error:
            raise UsageError(
                f"Can't read the {self.name} {path}: {error.strerror or error}.",
                "Give a file that was written with --json.",
            ) from error
        except (ValueError, RecursionError) as error:
            raise self.broken(path, f"it is not JSON: {error}") from error
        return data

    def validate(self, data: object, path: Path) -> None:
        """Hold plain data against the schema; `path` is for messages. Raises UsageError."""
        # Costs a tenth of a second to import, and only reading a file needs it.
        import jsonschema

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
