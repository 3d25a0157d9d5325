# SPDX-License-Identifier: Apache-2.0
"""Why an operation of the Python layer can't be measured."""

from __future__ import annotations

from ffi_cts.errors import UsageError


class Unavailable(UsageError):
    """An operation can't be measured here; the message says why, in one line."""


def reason_of(error: Exception) -> str:
    """What went wrong in foreign code, for a reason of one line."""
    return f"{type(error).__name__}: {error}".splitlines()[0]
