# SPDX-License-Identifier: Apache-2.0
"""What changed between two reports as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ffi_cts.report.diff import Change, Diff, Difference
from ffi_cts.report.diff_views import sentence
from ffi_cts.report.page.fields import fields_of
from ffi_cts.report.page.marks import BAD, HELD, IMPOSSIBLE, UNKNOWN, WARNED, WORDS, Part
from ffi_cts.report.page.render import templates
from ffi_cts.report.page.view import Clauses, ClauseText
from ffi_cts.report.triage import area_of, in_order
from ffi_cts.report.words import first_line, observation, shortened
from ffi_cts.results import CheckResult, Report, Status

SIGNS = {
    Change.BROKEN: "✗",
    Change.FIXED: "✓",
    Change.CHANGED: "△",
    Change.UNKNOWN: "?",
    Change.NEW: "+",
    Change.GONE: "−",
}
_KINDS = {
    Change.BROKEN: BAD,
    Change.FIXED: HELD,
    Change.CHANGED: WARNED,
    Change.UNKNOWN: UNKNOWN,
    Change.NEW: "new",
    Change.GONE: IMPOSSIBLE,
}
_SAYS = {
    Change.BROKEN: "Held, or could not be tried, and deviates now; or held, and can't be tried.",
    Change.FIXED: "Deviated, and holds now.",
    Change.CHANGED: "Deviates in another way, or can be tried for the first time, and holds.",
    Change.UNKNOWN: "One of the runs has no result.",
    Change.NEW: "The old suite did not have it, or the old run left it out.",
    Change.GONE: "The new suite does not have it any more, or the new run left it out.",
}


@frozen(kw_only=True)
class Told:
    """One difference, with what each run saw."""

    each: Difference
    number: int
    keys: str
    kind: str
    sign: str
    way: str
    says: str
    profile: str
    clauses: tuple[ClauseText, ...]
    seen: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Section:
    """The differences of one kind."""

    change: Change
    says: str
    told: tuple[Told, ...]

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.told)


@frozen(kw_only=True)
class AreaRow:
    """What changed in one area; `numbers` are in the order of the kinds of change."""

    name: str
    parts: tuple[Part, ...]
    numbers: tuple[Part, ...]


def render(diff: Diff) -> str:
    """Give the page. What the libraries said is only text in it."""
    checks = in_order({check.id: check for check in (*diff.old.checks, *diff.new.checks)}.values())
    areas = list(dict.fromkeys(area_of(check.id) for check in checks))
    sections = tuple(_sections(diff, areas, checks))
    told = [each for section in sections for each in section.told]
    return (
        templates()
        .get_template("diff.html")
        .render(
            diff=diff,
            sentence=sentence(diff),
            parts=_parts(told, len(checks)),
            number=len(checks),
            areas=tuple(_areas(checks, areas, told)),
            sections=sections,
            runs=tuple(_runs(diff.old, diff.new)),
            choices=_choices(told, areas),
        )
    )


def _sections(diff: Diff, areas: list[str], checks: list[CheckResult]) -> Iterator[Section]:
    place = {check.id: number for number, check in enumerate(checks, 1)}
    clauses = Clauses()
    for change in Change:
        found = sorted(diff.of(change), key=lambda each: place[each.id])
        if found:
            yield Section(
                change=change,
                says=_SAYS[change],
                told=tuple(_told(each, place[each.id], areas, clauses) for each in found),
            )


def _told(each: Difference, number: int, areas: list[str], clauses: Clauses) -> Told:
    latest = each.new or each.old
    assert latest is not None
    runs = (("then", each.old), ("now", each.new))
    told = each.new if each.new is not None and each.new.message else each.old
    return Told(
        each=each,
        number=number,
        keys=f"{each.change.value} {each.level.value} a{areas.index(area_of(each.id))}",
        kind=_KINDS[each.change],
        sign=SIGNS[each.change],
        way=f"{_word(each.old)} → {_word(each.new)}",
        says=first_line(observation(told)) if told is not None else "",
        profile=latest.profile,
        clauses=tuple(clauses.text(id) for id in each.clauses),
        seen=tuple(
            (when, shortened(seen))
            for when, result in runs
            if result is not None and (seen := observation(result).strip())
        ),
        fields=fields_of(told) if told is not None else (),
    )


def _word(result: CheckResult | None) -> str:
    return "absent" if result is None else WORDS[Status(result.raw_outcome)]


def _parts(told: list[Told], number: int) -> tuple[Part, ...]:
    found = [each.each.change for each in told]
    parts = [Part(_KINDS[kind], found.count(kind), kind.value) for kind in Change]
    parts.append(Part("same", number - len(told), "the same"))
    return tuple(part for part in parts if part.number)


def _areas(checks: list[CheckResult], areas: list[str], told: list[Told]) -> Iterator[AreaRow]:
    for name in areas:
        mine = [each for each in told if area_of(each.each.id) == name]
        number = sum(area_of(check.id) == name for check in checks)
        changes = [each.each.change for each in mine]
        yield AreaRow(
            name=name,
            parts=_parts(mine, number),
            numbers=tuple(
                Part(_KINDS[kind], changes.count(kind), kind.value)
                for kind in Change
                if any(each.each.change is kind for each in told)
            ),
        )


def _choices(
    told: list[Told], areas: list[str]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    there = {key for each in told for key in each.keys.split()}
    levels = dict.fromkeys(each.each.level.value for each in told)
    found = (
        ("Change", [(kind.value, kind.value) for kind in Change]),
        ("Level", [(level, level) for level in levels]),
        ("Area", [(f"a{n}", name) for n, name in enumerate(areas)]),
    )
    return tuple((name, tuple(v for v in values if v[0] in there)) for name, values in found)


def _runs(old: Report, new: Report) -> Iterator[tuple[str, str, str]]:
    """Rows of the table that sets the two runs side by side."""

    def facts(report: Report) -> Iterator[tuple[str, str]]:
        yield ("Library", report.implementation.id)
        yield ("Verdict", report.verdict.value)
        ended = {status: n for status in WORDS if (n := report.summary[status.value])}
        yield ("Checks", ", ".join(f"{n} {WORDS[status]}" for status, n in ended.items()))
        yield ("sha256", report.implementation.sha256[:16])
        yield ("Says it is", report.implementation.reported_version)
        yield ("Suite", f"ffi-cts {report.suite.version}")
        yield ("Run", f"{report.run.effort} effort, seed {report.run.seed}")
        yield ("Judged", report.run.started.replace("T", " ").replace("+00:00", " UTC"))

    for (name, then), (_, now) in zip(facts(old), facts(new), strict=True):
        yield (name, then, now)
