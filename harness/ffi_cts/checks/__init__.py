# SPDX-License-Identifier: Apache-2.0
"""What the author of a check uses: ``clause``, the ``Runtime`` and its helpers."""

from __future__ import annotations

from ffi_cts.checks.contention import Team, contention
from ffi_cts.checks.native import NULL, ffi, native
from ffi_cts.checks.runtime import Behaviour, Closure, Runtime
from ffi_cts.engine.context import LibraryDied, Nonconformance, Undecided, alone, isolated
from ffi_cts.engine.marks import clause

__all__ = [
    "NULL",
    "Behaviour",
    "Closure",
    "LibraryDied",
    "Nonconformance",
    "Runtime",
    "Team",
    "Undecided",
    "alone",
    "clause",
    "contention",
    "ffi",
    "isolated",
    "native",
]
