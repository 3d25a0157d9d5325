# SPDX-License-Identifier: Apache-2.0
"""Files that commands write: whole or not at all, and never over one another."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path

from ffi_cts.errors import UsageError

STDOUT = Path("-")
"""Stands for standard output where a file to write is asked for."""

_REMEDY = "Give a path in an existing folder that can be written."


def check_outputs(
    outputs: Mapping[str, Path | None], inputs: Mapping[str, Path | str | None] | None = None
) -> bool:
    """Find out before a run whether every output can be written; leave nothing behind.

    Keys are what the user calls the files. Gives whether one of them is standard output, which
    then is nobody else's.

    Raises:
        UsageError: one can't be written, two are one file, by whichever names or links, or one
            is an input, which it would destroy.
    """
    given = {name: path for name, path in outputs.items() if path is not None}
    for path in given.values():
        check_writable(path)
    for (one, path), (other, place) in combinations(given.items(), 2):
        if _one_file(path, place):
            raise UsageError(
                f"{one} and {other} are the same file, {place}.", "Give each a file of its own."
            )
    for (name, path), (what, source) in product(given.items(), (inputs or {}).items()):
        if source is not None and path != STDOUT and _one_file(path, Path(source)):
            raise UsageError(
                f"{name} {path} would overwrite what {what} names.", "Give another file."
            )
    return STDOUT in given.values()


def _one_file(one: Path, other: Path) -> bool:
    if STDOUT in (one, other):
        return one == other
    try:
        if one.samefile(other):
            return str(one.resolve()) != os.devnull
    except (OSError, ValueError):
        pass  # one of them is not there yet
    return os.path.realpath(one) == os.path.realpath(other) != os.devnull


def check_writable(path: Path) -> None:
    """Find out before a run whether a report can be written to the path; leave nothing behind.

    Raises UsageError if the path is a directory, or its directory is missing or not writable.
    """
    if path == STDOUT:
        return
    if path.is_dir():
        raise UsageError(f"The report can't be written to {path}: it is a directory.", _REMEDY)
    if _in_place(path):
        if os.access(path, os.W_OK):
            return
        raise UsageError(f"The report can't be written to {path}: permission denied.", _REMEDY)
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise UsageError(
            f"The report can't be written to {path}: there is no folder {target.parent}.", _REMEDY
        )
    # Asking for permission is no proof (read-only mounts, quotas, root), so try it.
    probe = _temporary(target)
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        probe.unlink()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The report can't be written to {path}: {getattr(error, 'strerror', error)}.", _REMEDY
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a report of any kind, so that the file is whole or unchanged. Raises UsageError."""
    try:
        if path == STDOUT:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8"))
            sys.stdout.buffer.flush()
            return
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
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise UsageError(
            f"The report can't be written to {path}: {error.strerror or error}.",
            "Make room there, or give a path on another file system." if full else _REMEDY,
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
