# SPDX-License-Identifier: Apache-2.0
"""Several targets beside each other: which clauses hold in which, and where that changed.

Expectations don't count: a deviation that is waived is still one. Nothing here is a rendering.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum

from attrs import frozen
from packaging.version import InvalidVersion, Version

from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Level, Report, Status

_RELEASE = re.compile(r"(?P<package>[^=\s]+)==(?P<version>[^=\s]+)")
_DEVIATING = {status.value for status in DEVIATIONS}
_UNDECIDED = {status.value for status in UNDECIDED}


class State(str, Enum):
    """How a clause stands in one target, the worst of its checks."""

    DEVIATES = "deviates"
    UNKNOWN = "unknown"
    """No check deviates, and one has no result."""
    HOLDS = "holds"
    IMPOSSIBLE = "impossible"
    """The target lacks what every check of it needs."""
    ABSENT = "absent"
    """No check of it was selected."""


@frozen
class Cell:
    """A clause in one target: the raw outcome of each of its checks, by id, waived or not."""

    outcomes: Mapping[str, str]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many checks had each raw outcome; deviations come first."""
        counts = Counter(self.outcomes.values())
        order = sorted(counts, key=lambda name: (name not in _DEVIATING, name))
        return {name: counts[name] for name in order}

    @property
    def state(self) -> State:
        """The clause in this target."""
        seen = set(self.outcomes.values())
        if not seen:
            return State.ABSENT
        if seen & _DEVIATING:
            return State.DEVIATES
        if seen & _UNDECIDED:
            return State.UNKNOWN
        return State.HOLDS if Status.PASS.value in seen else State.IMPOSSIBLE

    @property
    def look(self) -> tuple[State, Mapping[str, str]]:
        """What makes this cell another than its neighbour."""
        return self.state, self.deviating

    @property
    def deviating(self) -> Mapping[str, str]:
        """The outcomes that show that the clause does not hold, by check."""
        return {check: name for check, name in self.outcomes.items() if name in _DEVIATING}


class What(str, Enum):
    """What happened to a clause in a release, seen from the release before that was judged."""

    ALREADY = "already in"
    """It deviates in the first release."""
    CAME = "came"
    """It deviates, and did not."""
    CHANGED = "changed"
    """It deviates in another way, or in other checks."""
    WENT = "went"
    """It holds, and did not."""
    POSSIBLE = "possible from"
    """It holds, and could not be tried."""
    IMPOSSIBLE = "not possible from"
    """It can't be tried any more."""


@frozen
class Event:
    """A change of a clause from one release to the next: `what` happened in `release`."""

    what: What
    release: str


@frozen
class Row:
    """A clause that does not stand alike in all targets; one cell for each, in their order.

    `events` tell of the releases in which that changed; none where there are none.
    """

    clause: str
    level: Level
    cells: tuple[Cell, ...]
    events: tuple[Event, ...] = ()


@frozen
class Column:
    """Targets, side by side, in which every clause stands alike: positions in the matrix."""

    targets: tuple[int, ...]


@frozen
class Matrix:
    """Reports on several targets.

    `labels` tell them apart; `releases` are the positions of those that are releases of one
    package, in the order of versions, and come first. `rows` are the clauses that differ, in the
    order of the checks; `clauses` counts all of them. `alike` are those that deviate in every
    target in the same way.
    """

    labels: tuple[str, ...]
    reports: tuple[Report, ...]
    releases: tuple[int, ...]
    rows: tuple[Row, ...]
    clauses: int
    alike: tuple[Row, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Neighbours that differ in no row, as one; a release and what is none are never one."""

        def look(position: int) -> tuple[object, ...]:
            cells = (row.cells[position].look for row in self.rows)
            return (position in self.releases, *cells)

        groups: list[list[int]] = []
        for position in range(len(self.labels)):
            if groups and look(groups[-1][-1]) == look(position):
                groups[-1].append(position)
            else:
                groups.append([position])
        return tuple(Column(tuple(group)) for group in groups)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What makes the targets less comparable than they look."""
        found = []
        for what, values in (
            ("suites", {f"{r.suite.version} {r.suite.spec_sha256[:8]}" for r in self.reports}),
            ("efforts and seeds", {f"{r.run.effort} {r.run.seed}" for r in self.reports}),
            ("kinds of subject", {r.kind for r in self.reports}),
            ("selections", {f"{r.run.only} {r.run.profiles}" for r in self.reports}),
        ):
            if len(values) > 1:
                found.append(f"the reports are of {len(values)} different {what}")
        lacking = [
            label
            for label, report in zip(self.labels, self.reports, strict=True)
            if report.undecided or report.run.stopped or report.part is not None
        ]
        if lacking:
            found.append(f"not every check has a result in {', '.join(lacking)}")
        return tuple(found)


def build(reports: Sequence[Report], names: Sequence[str] = ()) -> Matrix:
    """Put reports side by side.

    ``names`` tell apart reports on targets that call themselves the same, such as two files of
    one name; the paths of the libraries do where there are none.
    """
    labels = _labels(reports, names or [report.implementation.path for report in reports])
    order = _by_version([report.implementation.id for report in reports])
    releases = len(order)
    order += [position for position in range(len(reports)) if position not in order]
    reports = tuple(reports[position] for position in order)
    table = _table(reports)
    rows, alike = [], []
    for clause, (level, cells) in table.items():
        if any(cell.look != cells[0].look for cell in cells[1:]):
            events = _events(reports[:releases], cells[:releases])
            rows.append(Row(clause, level, tuple(cells), events))
        elif cells[0].state is State.DEVIATES:
            alike.append(Row(clause, level, tuple(cells)))
    return Matrix(
        labels=tuple(labels[position] for position in order),
        reports=reports,
        releases=tuple(range(releases)),
        rows=tuple(rows),
        clauses=len(table),
        alike=tuple(alike),
    )


def _table(reports: Sequence[Report]) -> dict[str, tuple[Level, list[Cell]]]:
    """Every clause that a check judges, in the order of the checks, with a cell for each report."""
    found: dict[str, tuple[Level, list[dict[str, str]]]] = {}
    for position, report in enumerate(reports):
        for check in report.checks:
            # The first clause is the one that it judges; the others it merely touches.
            _, cells = found.setdefault(check.clauses[0], (check.level, [{} for _ in reports]))
            cells[position][check.id] = _outcome(check)
    return {
        clause: (level, [Cell(cell) for cell in cells]) for clause, (level, cells) in found.items()
    }


def _outcome(check: CheckResult) -> str:
    """What was seen, whatever a level or an expectation makes of it."""
    passes = {Status.PASS.value, Status.UNEXPECTED_PASS.value}
    return Status.PASS.value if check.raw_outcome in passes else check.raw_outcome


def _labels(reports: Sequence[Report], names: Sequence[str]) -> list[str]:
    ids = [report.implementation.id for report in reports]
    twice = {id for id, number in Counter(ids).items() if number > 1}
    labels: list[str] = []
    for id, name in zip(ids, names, strict=True):
        label = f"{id} ({name})" if id in twice else id
        same = sum(other == label or other.startswith(f"{label} #") for other in labels)
        labels.append(f"{label} #{same + 1}" if same else label)
    return labels


def _by_version(ids: Sequence[str]) -> list[int]:
    """Positions of the releases, the oldest first, if there are several and of one package."""
    found: list[tuple[Version, int]] = []
    packages = set()
    for position, id in enumerate(ids):
        match = _RELEASE.fullmatch(id)
        if match is None:
            continue
        try:
            found.append((Version(match["version"]), position))
        except InvalidVersion:
            continue
        packages.add(match["package"])
    several = len(packages) == 1 and len(found) > 1
    return [position for _, position in sorted(found)] if several else []


def _events(releases: Sequence[Report], cells: Sequence[Cell]) -> tuple[Event, ...]:
    """What became of a clause from release to release. What has no result changes nothing."""
    events: list[Event] = []
    before: Cell | None = None
    for report, cell in zip(releases, cells, strict=True):
        if cell.state in (State.UNKNOWN, State.ABSENT):
            continue
        what = _change(before, cell)
        if what is not None:
            events.append(Event(what, report.implementation.id.partition("==")[2]))
        before = cell
    return tuple(events)


def _change(before: Cell | None, now: Cell) -> What | None:
    if before is None:
        return What.ALREADY if now.state is State.DEVIATES else None
    if before.state is now.state:
        return What.CHANGED if before.deviating != now.deviating else None
    if now.state is State.DEVIATES:
        return What.CAME
    if now.state is State.IMPOSSIBLE:
        return What.IMPOSSIBLE
    return What.WENT if before.state is State.DEVIATES else What.POSSIBLE
