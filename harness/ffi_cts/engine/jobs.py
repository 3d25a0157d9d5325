# SPDX-License-Identifier: Apache-2.0
"""One check of one subject, the time it may take, and how its result is put into words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import attrs

from ffi_cts.engine.judge import KEPT_CALLS, Raw
from ffi_cts.engine.plan import ROLES, Check
from ffi_cts.engine.subject import Subject
from ffi_cts.results import CheckResult, Level, Status, status_for

_CHECK_SECONDS = {"quick": 10.0, "standard": 20.0, "deep": 120.0}


@attrs.frozen
class Timeouts:
    """Seconds on a child's own clock (see deadline.py), already scaled.

    ``batch`` decides nothing: a batch that takes longer is taken apart. ``shrinking`` bounds the
    search for the smallest example of one crash, ``shrinking_hang`` that of one hang, each step
    of which takes long, and ``shrinking_hangs`` (wall time) those of a whole run. ``suspect``
    bounds one call of a function from which checks before did not come back.
    """

    check: float
    example: float
    shrinking: float
    batch: float = 3.0
    suspect: float = 2.0
    shrinking_hang: float = 6.0
    shrinking_hangs: float = 40.0

    @classmethod
    def scaled(cls, scale: float, effort: str = "standard") -> Timeouts:
        """Those of an effort, times ``scale``."""
        return cls(
            check=_CHECK_SECONDS[effort] * scale,
            example=2.0 * scale,
            shrinking=30.0 * scale,
            batch=3.0 * scale,
            suspect=_CHECK_SECONDS[effort] * scale / 5,
            shrinking_hang=6.0 * scale,
            shrinking_hangs=40.0 * scale,
        )


@attrs.frozen
class Job:
    """One check of one subject.

    ``batch``: how many checks of the subject may share a child as long as they pass. The first
    that does not pass ends the batch; it gets its result from a child of its own, and so does
    every check of a batch whose child died. ``command`` is the start of the one that repeats it
    where that is not the same for all jobs. ``shrink`` and ``trace`` are those of a second run
    after the ``first`` died: to find the smallest example, or where in the library it died.
    """

    check: Check
    subject: Subject
    batch: int = 1
    command: tuple[str, ...] = ()
    shrink: bool = False
    trace: bool = False
    first: CheckResult | None = None

    @property
    def imports(self) -> tuple[str, ...]:
        """Modules to import once for all jobs that want the same."""
        return tuple(sorted({*self.check.imports, *self.subject.imports}))

    def result(
        self, command: Sequence[str], raw: Raw, seconds: float, output: str = ""
    ) -> CheckResult:
        """The result that ``raw`` means; ``command`` starts the one that repeats it, by default."""
        check, command = self.check, self.command or command
        outcome = Status(raw.outcome)
        status = status_for(outcome, check.level)
        if check.disputed and status in (Status.FAIL, Status.CRASH, Status.TIMEOUT):
            status = Status.WARN
        texts = "\n".join(f"{c.id}: {c.text}" for c in check.clauses)
        failed = outcome not in (Status.PASS, Status.UNSUPPORTED, Status.LOST)
        message = f"{texts}\n{raw.message}" if failed else raw.message
        return CheckResult(
            id=check.id,
            clauses=check.clause_ids,
            level=check.level,
            profile=check.profile,
            status=status,
            outcome=outcome.value if status is not outcome else "",
            message=message.strip(),
            in_call=raw.in_call if failed else "",
            example=raw.example if failed else "",
            calls=raw.calls[-KEPT_CALLS:] if failed else (),
            fault=raw.fault if failed else "",
            stack=raw.stack if failed else (),
            output=output if failed else "",
            reproduce=shlex.join([*command, "--only", check.id]) if failed else "",
            seconds=round(seconds, 4),
            **{
                each.role: each.id.partition("==")[0]
                for each in self.subject.companions
                if each.role in ROLES
            },
        )


def encode(result: CheckResult) -> dict[str, Any]:
    """What JSON can hold."""
    return {**attrs.asdict(result), "level": result.level.value, "status": result.status.value}


def decode(data: dict[str, Any]) -> CheckResult:
    """The inverse of ``encode``."""
    return CheckResult(
        **{
            **data,
            "level": Level(data["level"]),
            "status": Status(data["status"]),
            "clauses": tuple(data["clauses"]),
            "calls": tuple(data["calls"]),
            "stack": tuple(data["stack"]),
        }
    )
