# SPDX-License-Identifier: Apache-2.0
"""Reads the files that a user gives: regular ones, of a bounded size, in UTF-8."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ffi_cts.errors import UsageError

MOST_BYTES = 64 << 20
"""Far above any file that the suite writes, and far below what would fill the memory."""


def read_text(path: Path, what: str, remedy: str, most: int = MOST_BYTES) -> str:
    """Read a whole file; `what` names it in messages, `remedy` says what to give instead.

    Nothing is waited for: a pipe or a device, which could block or never end, is refused.

    Raises:
        UsageError: it is missing, unreadable, no regular file, longer than `most` bytes, or
            not UTF-8.
    """
    try:
        # Opening a pipe without a writer would block before anybody could look at its kind.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UsageError(f"The {what} {path} is not a regular file.", remedy)
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"Can't read the {what} {path}: {reason}.", remedy) from error
    if len(data) > most:
        raise UsageError(f"The {what} {path} is longer than {most} bytes.", remedy)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The {what} {path} is not UTF-8 text (byte {error.start}).", remedy
        ) from error
