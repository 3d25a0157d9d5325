# SPDX-License-Identifier: Apache-2.0
"""Shares of a selection of checks, for jobs that run beside each other on several machines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from ffi_cts._paths import resource
from ffi_cts.engine.plan import Check
from ffi_cts.errors import UsageError

DURATIONS = "durations.json"
"""Beside the checks: seconds that each takes, as `.ci/durations` has measured them."""

_UNKNOWN = 0.02
"""Seconds of a check that was never measured, or takes too little to be listed."""


@cache
def durations() -> Mapping[str, float]:
    """Seconds by id of a check; empty where nothing was measured."""
    try:
        text = (resource("conformance") / DURATIONS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, float] = json.loads(text)
    return found


def share(ids: Sequence[str], number: int, of: int, seconds: Mapping[str, float]) -> list[int]:
    """Positions, in order, of those of ``ids`` that are part ``number`` of ``of``, from 1.

    Nothing but the arguments decides. Each check goes to the part that has least to do so far,
    those that take long first.

    Raises:
        UsageError: there are fewer checks than parts.
    """
    if len(ids) < of:
        raise UsageError(
            f"--shard {number}/{of}: there are more parts than checks selected, {len(ids)}.",
            "Take fewer parts.",
        )
    cost = [seconds.get(id, _UNKNOWN) for id in ids]
    loads = [0.0] * of
    mine: list[int] = []
    for position in sorted(range(len(ids)), key=lambda at: (-cost[at], ids[at])):
        least = min(range(of), key=lambda part: loads[part])
        # In whole microseconds, so that no machine rounds a sum another way.
        loads[least] += round(cost[position] * 1_000_000)
        if least == number - 1:
            mine.append(position)
    return sorted(mine)


def selection(checks: Sequence[Check]) -> str:
    """What identifies a selection: the same checks, the same text."""
    return hashlib.sha256("\n".join(check.id for check in checks).encode()).hexdigest()
