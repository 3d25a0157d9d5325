# SPDX-License-Identifier: Apache-2.0
"""What a log of deleter calls has to hold."""

from __future__ import annotations

from collections.abc import Sequence

from ffi_cts.checks.native import CData

STRONG, WEAK, BOTH = 1, 2, 3
_NAMES = {STRONG: "Strong", WEAK: "Weak", BOTH: "Both"}


def _named(flags: Sequence[int]) -> str:
    return "[" + ", ".join(_NAMES.get(flag, str(flag)) for flag in flags) + "]"


def deletions(log: CData) -> list[int]:
    """The flags of each logged call of the deleter, oldest first."""
    return [int(log.call[i].flags) for i in range(min(log.calls, 8))]


def deaths(log: CData) -> int:
    """How often the object was destroyed: once is due, in one call with the storage or in two."""
    return sum(1 for flags in deletions(log) if flags & STRONG)


def expect_deletions(log: CData, obj: CData, flags: Sequence[int], when: str) -> None:
    """Fail the check unless the deleter ran with these flags, each time on ``obj``.

    The flags are bits: where Both is due, Strong and then Weak say the same in two calls.
    """
    actual = deletions(log)
    due = [list(flags)]
    if flags and flags[-1] == BOTH:
        due.append([*flags[:-1], STRONG, WEAK])
    assert actual in due and log.calls == len(actual), (
        f"{when}: the deleter in the header ran with flags {_named(actual)}, "
        f"where {_named(flags)} is due"
    )
    for i in range(len(actual)):
        assert log.call[i].self == obj, f"{when}: the deleter got another pointer than the object"
