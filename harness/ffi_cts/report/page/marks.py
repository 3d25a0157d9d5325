# SPDX-License-Identifier: Apache-2.0
"""How pages show a status: a sign and a word, so that nobody needs the colour."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Status, Verdict

SIGNS = {
    Status.PASS: "✓",
    Status.FAIL: "✗",
    Status.CRASH: "✗",
    Status.TIMEOUT: "✗",
    Status.WARN: "△",
    Status.UNSUPPORTED: "–",
    Status.WAIVED: "○",
    Status.UNEXPECTED_PASS: "✓",
    Status.LOST: "?",
    Status.ERROR: "?",
}
WORDS = {
    **{status: status.value.replace("_", " ") for status in Status},
    Status.UNSUPPORTED: "not possible",
}
VERDICT_SIGNS = {Verdict.CONFORMANT: "✓", Verdict.NONCONFORMANT: "✗", Verdict.INCOMPLETE: "?"}

BAD, WARNED, WAIVED, HELD = "bad", "warned", "waived", "held"
IMPOSSIBLE, UNKNOWN = "none", "unknown"
"""Classes of the style sheet, each with a colour that is the same everywhere."""
KINDS = {
    HELD: "held",
    WAIVED: "waived",
    WARNED: "warned",
    BAD: "deviating",
    UNKNOWN: "no result",
    IMPOSSIBLE: "not possible",
}


COMMANDS = ("reproduce", "debug", "C program")
"""Fields that are commands, to be copied as a whole."""

FINER = (
    *(Status.FAIL, Status.CRASH, Status.TIMEOUT),
    *(Status.UNEXPECTED_PASS, Status.LOST, Status.ERROR),
)
"""Statuses that say more than their kind."""


def kind_of(status: Status) -> str:
    """Class of the style sheet of a status."""
    if status in DEVIATIONS:
        return BAD
    if status in UNDECIDED:
        return UNKNOWN
    others = {Status.WARN: WARNED, Status.WAIVED: WAIVED, Status.UNSUPPORTED: IMPOSSIBLE}
    return others.get(status, HELD)


@frozen
class Part:
    """One part of a strip: a class of the style sheet, how many checks, and the word for them."""

    kind: str
    number: int
    word: str


def strip(checks: Sequence[CheckResult]) -> tuple[Part, ...]:
    """How checks ended, as parts of a whole; parts without a check are left out."""
    kinds = [kind_of(check.status) for check in checks]
    return tuple(
        Part(kind, number, word) for kind, word in KINDS.items() if (number := kinds.count(kind))
    )
