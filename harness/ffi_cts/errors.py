# SPDX-License-Identifier: Apache-2.0
"""Errors that a user sees: each says what is wrong, why, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class FfiCtsError(Exception):
    """A failure of the command, as opposed to a failing check.

    `message` names the thing and the reason, `hint` the remedy (may be empty);
    `exit_code` is what the process should exit with.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, hint: str = "") -> None:
        # Both arguments go to Exception so that the error survives pickling between processes.
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Give message and hint as one paragraph on one line."""
        return " ".join(f"{self.message} {self.hint}".split())


class UsageError(FfiCtsError):
    """What the user gave can't be used: a bad path, option, file or release."""

    exit_code: ClassVar[int] = 2


class HarnessError(FfiCtsError):
    """The suite itself failed; the implementation under test is not to blame."""

    exit_code: ClassVar[int] = 3
