# SPDX-License-Identifier: Apache-2.0
"""The page of a report as values: what stands in each section. The template lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from ffi_cts.abi import Clause, load
from ffi_cts.report.page.marks import (
    BAD,
    FINER,
    HELD,
    IMPOSSIBLE,
    UNKNOWN,
    WAIVED,
    WARNED,
    WORDS,
    Part,
    kind_of,
    strip,
)
from ffi_cts.report.triage import Area, area_of, grouped, in_order, reasons_of, standing
from ffi_cts.report.words import (
    debug_command,
    deviations,
    first_line,
    observation,
    shortened,
    with_status,
)
from ffi_cts.results import CheckResult, Report, Status, Verdict

_LAST_CALLS = 20
_LAST_LINES = 20
_WORST = (BAD, UNKNOWN, WARNED, WAIVED, HELD, IMPOSSIBLE)


@frozen(kw_only=True)
class Item:
    """One check. `number` is its place in the order of work, `keys` what it is filtered by."""

    check: CheckResult
    number: int
    keys: str
    kind: str
    told: bool
    """Whether a section of its own tells more of it than the list of clauses."""

    @property
    def anchor(self) -> str:
        """The id of its place on the page, if it is told."""
        return f"check-{self.number}"


@frozen(kw_only=True)
class Detail:
    """A check with everything that is known of it."""

    item: Item
    clauses: tuple[ClauseText, ...]
    headline: str
    seen: str
    fields: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class ClauseText:
    """A clause as this suite knows it; of another suite's clause only the id may be known."""

    id: str
    anchor: str
    text: str
    source: str
    disputed: str


@frozen(kw_only=True)
class Group:
    """Checks that share how the library went wrong, or why that is waived."""

    headline: str
    details: tuple[Detail, ...]
    shaky: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the place where it begins."""
        return f"group-{self.details[0].item.number}"


@frozen(kw_only=True)
class ClauseRow:
    """A clause with its checks; `kind` is how the worst of them ended."""

    clause: ClauseText
    level: str
    profile: str
    kind: str
    checks: tuple[Item, ...]


@frozen(kw_only=True)
class AreaView:
    """An area: how far it is, and its clauses."""

    area: Area
    number: int
    parts: tuple[Part, ...]
    clauses: tuple[ClauseRow, ...]


@frozen(kw_only=True)
class Reason:
    """Why some checks could not be carried out."""

    text: str
    checks: tuple[CheckResult, ...]
    areas: tuple[str, ...]


@frozen(kw_only=True)
class ProfileRow:
    """The verdict on one profile."""

    name: str
    verdict: Verdict
    parts: tuple[Part, ...]


@frozen(kw_only=True)
class View:
    """Everything that the sections of the page show."""

    parts: tuple[Part, ...]
    areas: tuple[AreaView, ...]
    profiles: tuple[ProfileRow, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...]
    features: tuple[str, ...]
    groups: tuple[Group, ...]
    undecided: tuple[Detail, ...]
    warnings: tuple[Group, ...]
    waived: tuple[Group, ...]
    surprises: tuple[Detail, ...]
    reasons: tuple[Reason, ...]

    @property
    def deviations(self) -> int:
        """How many checks deviate."""
        return number_of(self.groups)


def number_of(groups: Iterable[Group]) -> int:
    """How many checks some groups hold."""
    return sum(len(group.details) for group in groups)


class Clauses:
    """Clauses by their ids; those of ``ids`` have a place on the page."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._known: Mapping[str, Clause] = load().clauses
        # The id of a clause that this suite knows is a name that others may link to.
        self._anchors = {
            id: id if id in self._known else f"clause-{number}" for number, id in enumerate(ids)
        }

    def text(self, id: str) -> ClauseText:
        """What is known of a clause."""
        clause = self._known.get(id)
        return ClauseText(
            id=id,
            anchor=self._anchors.get(id, ""),
            text=clause.text if clause else "",
            source=clause.source if clause else "",
            disputed=clause.disputed if clause else "",
        )

    def level(self, id: str, default: str) -> str:
        """How binding a clause is."""
        return self._known[id].level.lower() if id in self._known else default

    def profile(self, id: str, default: str) -> str:
        """The profile of a clause."""
        return self._known[id].profile if id in self._known else default


class Maker:
    """Makes the view of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.standing = standing(report)
        ordered = in_order(report.checks)
        self.areas = [area.name for area in self.standing.areas]
        self.profiles = list(report.verdicts)
        self.clauses = Clauses(dict.fromkeys(id for each in ordered for id in _named(each)))
        self.items = {
            check.id: self._item(number, check) for number, check in enumerate(ordered, 1)
        }

    def view(self) -> View:
        """Make it."""
        report = self.report
        functions = {*self.standing.present, *self.standing.missing}
        return View(
            parts=strip(report.checks),
            areas=tuple(self._areas()),
            profiles=tuple(self._profiles()),
            present=self.standing.present,
            missing=self.standing.missing,
            features=tuple(f for f in report.implementation.features if f not in functions),
            groups=tuple(self._groups(deviations(report))),
            undecided=self._details(Status.ERROR, Status.LOST),
            warnings=tuple(self._groups(with_status(report, Status.WARN))),
            waived=tuple(self._waived()),
            surprises=self._details(Status.UNEXPECTED_PASS),
            reasons=tuple(
                Reason(
                    text=text,
                    checks=tuple(checks),
                    areas=tuple(dict.fromkeys(area_of(check.id) for check in checks)),
                )
                for text, checks in reasons_of(with_status(report, Status.UNSUPPORTED))
            ),
        )

    def _item(self, number: int, check: CheckResult) -> Item:
        # Areas and profiles are foreign text: the filters know them by number.
        keys = [
            *([check.status.value] if check.status in FINER else []),
            check.level.value,
            f"a{self.areas.index(area_of(check.id))}",
            f"p{self.profiles.index(check.profile)}",
        ]
        told = check.status not in (Status.PASS, Status.UNSUPPORTED)
        return Item(
            check=check,
            number=number,
            keys=" ".join(keys),
            kind=kind_of(check.status),
            told=told,
        )

    def _groups(self, checks: Sequence[CheckResult]) -> Iterable[Group]:
        shaky = {area.name: area.shaky for area in self.standing.areas}
        for group in grouped(checks):
            details = tuple(self.detail(check) for check in group.every)
            yield Group(
                headline=details[0].headline or WORDS[group.first.status],
                details=details,
                shaky=shaky.get(area_of(group.first.id), ()),
            )

    def _waived(self) -> Iterable[Group]:
        by_reason: dict[str, list[Detail]] = {}
        for detail in self._details(Status.WAIVED):
            by_reason.setdefault(detail.item.check.waiver, []).append(detail)
        for reason, details in by_reason.items():
            yield Group(headline=reason, details=tuple(details))

    def _details(self, *statuses: Status) -> tuple[Detail, ...]:
        return tuple(self.detail(check) for check in in_order(with_status(self.report, *statuses)))

    def detail(self, check: CheckResult) -> Detail:
        """A check in full."""
        seen = observation(check)
        return Detail(
            item=self.items[check.id],
            clauses=tuple(self.clauses.text(id) for id in check.clauses),
            headline=first_line(seen or check.in_call),
            seen=shortened(seen.strip()),
            fields=fields_of(check),
        )

    def _profiles(self) -> Iterable[ProfileRow]:
        for name, verdict in self.report.verdicts.items():
            checks = [check for check in self.report.checks if check.profile == name]
            yield ProfileRow(name=name, verdict=verdict, parts=strip(checks))

    def _areas(self) -> Iterable[AreaView]:
        homes: dict[str, str] = {}
        rows: dict[str, dict[str, list[Item]]] = {}
        for item in self.items.values():
            for id in _named(item.check):
                # A clause stands in one area, that of its most basic check.
                home = homes.setdefault(id, area_of(item.check.id))
                rows.setdefault(home, {}).setdefault(id, []).append(item)
        for number, area in enumerate(self.standing.areas):
            checks = [check for check in self.report.checks if area_of(check.id) == area.name]
            yield AreaView(
                area=area,
                number=number,
                parts=strip(checks),
                clauses=tuple(
                    self._clause(id, items) for id, items in rows.get(area.name, {}).items()
                ),
            )

    def _clause(self, id: str, items: Sequence[Item]) -> ClauseRow:
        kinds = {item.kind for item in items}
        first = items[0].check
        return ClauseRow(
            clause=self.clauses.text(id),
            level=self.clauses.level(id, first.level.value),
            profile=self.clauses.profile(id, first.profile),
            kind=next(kind for kind in _WORST if kind in kinds),
            checks=tuple(items),
        )


def _named(check: CheckResult) -> tuple[str, ...]:
    return check.clauses or ("(no clause)",)


def fields_of(check: CheckResult) -> tuple[tuple[str, str], ...]:
    """What else is known of a check, in the words of the terminal; empty fields are left out."""
    hidden = len(check.calls) - _LAST_CALLS
    calls = [f"({hidden} earlier)"] if hidden > 0 else []
    fields = (
        ("fault", check.fault),
        ("in call", check.in_call),
        ("example", check.example),
        ("calls", "\n".join([*calls, *check.calls[-_LAST_CALLS:]])),
        ("stack", "\n".join(check.stack)),
        ("output", "\n".join(check.output.splitlines()[-_LAST_LINES:])),
        ("waived", check.waiver),
        ("reproduce", check.reproduce),
        ("debug", debug_command(check)),
    )
    return tuple((name, shortened(text)) for name, text in fields if text)
