# SPDX-License-Identifier: Apache-2.0
"""The matrix of producers and consumers that a report on tensor exchange holds."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Report, Status

KIND = "exchange"
"""The kind of subject of such a report."""
STRICT = "strict"
"""The peer of the suite: the last row and the last column, and not judged with itself."""


@frozen(kw_only=True)
class Cell:
    """A producer with a consumer: what the checks between them say together."""

    producer: str
    consumer: str
    checks: tuple[CheckResult, ...]

    @property
    def status(self) -> Status | None:
        """The worst status of a check; None where nothing was judged."""
        found = {check.status for check in self.checks}
        return next((status for status in _WORST_FIRST if status in found), None)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Clauses that make the cell what it is, unless all is well."""
        status = self.status
        if status in (None, Status.PASS, Status.UNSUPPORTED):
            return ()
        worst = [check for check in self.checks if check.status is status]
        return tuple(dict.fromkeys(name for check in worst for name in check.clauses))

    @property
    def word(self) -> str:
        """The verdict in a word, with the number of clauses that it rests on."""
        status = self.status
        if status is None:
            return "-"
        if status is Status.PASS:
            return "ok"
        number = f" {len(self.clauses)}" if self.clauses else ""
        return f"{status.value.replace('_', ' ')}{number}"


_WORST_FIRST = (
    *(Status.CRASH, Status.TIMEOUT, Status.FAIL, Status.ERROR, Status.LOST),
    *(Status.UNEXPECTED_PASS, Status.WAIVED, Status.WARN, Status.PASS, Status.UNSUPPORTED),
)
assert set(_WORST_FIRST) >= DEVIATIONS | UNDECIDED


def libraries(report: Report) -> list[str]:
    """The libraries, in the order in which they were named; the strict peer comes last."""
    named = [each.id.partition("==")[0] for each in report.companions if each.role == "library"]
    seen = {name for check in report.checks for name in (check.producer, check.consumer)}
    return [*(name for name in named if name in seen), *([STRICT] if STRICT in seen else [])]


def matrix(report: Report) -> list[list[Cell]]:
    """A row for each producer, with a cell for each consumer; none in reports of other kinds."""
    if report.kind != KIND:
        return []
    names = libraries(report)
    by_cell: dict[tuple[str, str], list[CheckResult]] = {}
    for check in report.checks:
        by_cell.setdefault((check.producer, check.consumer), []).append(check)
    return [
        [
            Cell(producer=row, consumer=column, checks=tuple(by_cell.get((row, column), ())))
            for column in names
        ]
        for row in names
    ]


def table(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The matrix as words, with a heading above and to the left."""
    if not rows:
        return []
    heading = ["producer \\ consumer", *(cell.consumer for cell in rows[0])]
    return [heading, *([row[0].producer, *(cell.word for cell in row)] for row in rows)]
