# SPDX-License-Identifier: Apache-2.0
"""The page of a report as values: what stands in each section. The template lays it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from ffi_cts.abi import Clause, load
from ffi_cts.report.page.fields import How, fields_of, how
from ffi_cts.report.page.marks import (
    FINER,
    WORDS,
    Part,
    kind_of,
    strip,
)
from ffi_cts.report.triage import Area, area_of, grouped, in_order, reasons_of, standing
from ffi_cts.report.words import (
    deviations,
    first_line,
    observation,
    shortened,
    with_status,
)
from ffi_cts.results import CheckResult, Report, Status, Verdict

_WHERE = re.compile(r"at (\S+\.py:\d+)")


@frozen(kw_only=True)
class Item:
    """One check. `number` is its place in the order of work, `keys` what it is filtered by."""

    check: CheckResult
    number: int
    keys: str
    own: str
    """The part of the keys that no other check of its clause has: a status."""
    kind: str
    told: bool
    """Whether a section of its own tells more of it than the list of clauses."""
    why: str = ""
    """The place of the reason why it was not possible."""

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
    """A clause with its checks.

    `keys` are those that its checks share; none if they share too little.
    """

    clause: ClauseText
    level: str
    profile: str
    keys: str
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
    areas: tuple[tuple[int, str], ...]
    anchor: str


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
    how: How | None

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
        self.how = how(report.checks)
        self.reasons = tuple(self._reasons())
        why = {check.id: reason.anchor for reason in self.reasons for check in reason.checks}
        self.clauses = Clauses(dict.fromkeys(id for each in ordered for id in _named(each)))
        self.items = {
            check.id: evolve(self._item(number, check), why=why.get(check.id, ""))
            for number, check in enumerate(ordered, 1)
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
            reasons=self.reasons,
            how=self.how,
        )

    def _reasons(self) -> Iterable[Reason]:
        for number, (text, checks) in enumerate(
            reasons_of(with_status(self.report, Status.UNSUPPORTED)), 1
        ):
            areas = dict.fromkeys(area_of(check.id) for check in checks)
            yield Reason(
                text=text,
                checks=tuple(checks),
                areas=tuple((self.areas.index(area), area) for area in areas),
                anchor=f"r{number}",
            )

    def _item(self, number: int, check: CheckResult) -> Item:
        # Areas and profiles are foreign text: the filters know them by number.
        own = check.status.value if check.status in FINER else ""
        died = "died" if check.raw_outcome in ("crash", "timeout") else ""
        keys = (own, died, *self._shared(check), f"a{self.areas.index(area_of(check.id))}")
        told = check.status not in (Status.PASS, Status.UNSUPPORTED)
        return Item(
            check=check,
            number=number,
            keys=" ".join(filter(None, keys)),
            own=own,
            kind=kind_of(check.status),
            told=told,
        )

    def _shared(self, check: CheckResult) -> tuple[str, str]:
        """What the checks of a clause are filtered by alike, as a rule."""
        return check.level.value, f"p{self.profiles.index(check.profile)}"

    def _groups(self, checks: Sequence[CheckResult]) -> Iterable[Group]:
        shaky = {area.name: area.shaky for area in self.standing.areas}
        for group in grouped(checks):
            first, *others = (self.detail(check) for check in group.every)
            yield Group(
                headline=first.headline or WORDS[group.first.status],
                details=(_below(first), *(_beside(first, other) for other in others)),
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
        # The line that failed is no observation: it goes to what else is known.
        *lines, last = seen.rstrip().split("\n")
        where = _WHERE.fullmatch(last) if lines else None
        return Detail(
            item=self.items[check.id],
            clauses=tuple(self.clauses.text(id) for id in check.clauses),
            headline=first_line(seen or check.in_call),
            seen=shortened("\n".join(lines if where else [*lines, last]).strip()),
            fields=(
                *((("seen at", where[1]),) if where else ()),
                *fields_of(check, self.how),
            ),
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
        first = items[0].check
        return ClauseRow(
            clause=self.clauses.text(id),
            level=self.clauses.level(id, first.level.value),
            profile=self.clauses.profile(id, first.profile),
            keys=" ".join(self._shared(first)) if self._alike(items) else "",
            checks=tuple(items),
        )

    def _alike(self, items: Sequence[Item]) -> bool:
        shared = {(*self._shared(item.check), area_of(item.check.id)) for item in items}
        return len(shared) == 1


def _below(detail: Detail) -> Detail:
    """A detail that stands below its headline, and need not say that again."""
    line, _, rest = detail.seen.partition("\n")
    return evolve(detail, seen=rest) if line == detail.headline else detail


def _beside(first: Detail, other: Detail) -> Detail:
    """A detail that stands with the first of its group, and has no stack of its own."""
    stack = dict(first.fields).get("stack")
    return evolve(
        other,
        fields=tuple(
            (name, "as of the first" if name == "stack" and text == stack else text)
            for name, text in other.fields
        ),
    )


def _named(check: CheckResult) -> tuple[str, ...]:
    return check.clauses or ("(no clause)",)
