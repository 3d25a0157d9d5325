# SPDX-License-Identifier: Apache-2.0
"""What pages tell of a check beside what it saw, and the commands on it."""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote

from attrs import evolve, frozen

from ffi_cts.report.page.marks import COMMANDS
from ffi_cts.report.words import debug_command, program_command, shortened, visible
from ffi_cts.results import CheckResult, Status

_LAST_CALLS = 20
_LAST_LINES = 20


@frozen(kw_only=True)
class How:
    """Commands on one check, each with its name and what stands before and behind the check's id.

    The page shows them once, and its script with each check. `place` tells apart those of
    several targets.
    """

    place: str
    commands: tuple[tuple[str, str, str], ...]


def how(checks: Iterable[CheckResult], place: str = "") -> How | None:
    """The commands that a report names, if it names such for any check."""
    for check in checks:
        # Any check will do: a death that called something has all of the commands.
        like = evolve(check, calls=("",), status=Status.CRASH, outcome="")
        parts = [(name, *text.partition(quote(check.id))) for name, text in _commands(like)]
        if len(parts) == len(COMMANDS) and all(found for _, _, found, _ in parts):
            return How(
                place=place,
                commands=tuple((name, before, after) for name, before, _, after in parts),
            )
    return None


def _commands(check: CheckResult) -> tuple[tuple[str, str], ...]:
    commands = (check.reproduce, debug_command(check), program_command(check))
    return tuple((name, text) for name, text in zip(COMMANDS, commands, strict=True) if text)


def _usual(check: CheckResult, how: How | None) -> bool:
    """Whether the commands on a check are those that the page shows once for all."""
    if how is None or visible(check.id) != check.id or "\n" in check.id or "\t" in check.id:
        return False
    _, before, after = how.commands[0]
    return check.reproduce == before + quote(check.id) + after


def fields_of(check: CheckResult, how: How | None = None) -> tuple[tuple[str, str], ...]:
    """What else is known of a check, in the words of the terminal; empty fields are left out.

    So are the commands that the page shows once, as ``how``.
    """
    hidden = len(check.calls) - _LAST_CALLS
    calls = [f"({hidden} earlier)"] if hidden > 0 else []
    in_call = "" if check.calls[-1:] == (check.in_call,) else check.in_call
    fields = (
        ("fault", check.fault),
        ("in call", in_call),
        ("example", check.example),
        ("calls", "\n".join([*calls, *check.calls[-_LAST_CALLS:]])),
        ("stack", "\n".join(check.stack)),
        ("output", "\n".join(check.output.splitlines()[-_LAST_LINES:])),
        ("waived", check.waiver),
        *(() if _usual(check, how) else _commands(check)),
    )
    return tuple((name, shortened(text)) for name, text in fields if text)
