# SPDX-License-Identifier: Apache-2.0
"""The kill matrix as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from ffi_cts._version import __version__
from ffi_cts.abi import Clause, load
from ffi_cts.report.page.marks import BAD, HELD, IMPOSSIBLE, UNKNOWN, Part
from ffi_cts.report.page.render import templates
from ffi_cts.report.triage import RESTS_ON
from ffi_cts.report.words import count, first_line, observation
from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Status

if TYPE_CHECKING:
    from ffi_cts.selftest.matrix import Matrix
    from ffi_cts.selftest.variants import Variant


@frozen(kw_only=True)
class Kill:
    """A clause that a mutant violates, and the checks of it that find that: id, place, outcome."""

    clause: str
    anchor: str
    checks: tuple[tuple[str, str, str], ...]


@frozen(kw_only=True)
class VariantView:
    """What became of a variant; `number` is its place on the page."""

    variant: Variant
    number: int
    kind: str
    word: str
    keys: str
    kills: tuple[Kill, ...]
    tried: int
    wrong: tuple[CheckResult, ...]
    """Deviations that accuse it, and results that are the suite's own fault."""

    @property
    def sign(self) -> str:
        """The word in one character."""
        return {HELD: "✓", BAD: "✗"}.get(self.kind, "?")


@frozen(kw_only=True)
class ClauseView:
    """A clause with the mutants that violate it and the checks that judge it."""

    clause: Clause
    kind: str
    keys: str
    text: str
    says: str
    mutants: tuple[tuple[VariantView, bool], ...]
    checks: tuple[tuple[str, str, int], ...]
    """Id, place on the page, and how many mutants of this clause it kills."""


def render(matrix: Matrix, *, complete: bool) -> str:
    """Give the page. ``complete``: every variant was tried, so that each clause needs a kill."""
    maker = _Maker(matrix, complete=complete)
    first = sorted(maker.variants, key=lambda view: view.kind == HELD)
    mutants = [view for view in first if not view.variant.benign]
    benign = [view for view in first if view.variant.benign]
    areas = maker.areas()
    wrong = maker.wrong()
    return (
        templates()
        .get_template("selftest.html")
        .render(
            version=__version__,
            sentence=_sentence(wrong, mutants, benign),
            holds=not wrong,
            wrong=wrong,
            parts=_parts(mutants, benign),
            variants=maker.variants,
            mutants=mutants,
            benign=benign,
            reference=maker.reference,
            areas=areas,
            number=len(maker.variants) + sum(len(clauses) for _, clauses in areas),
            choices=_choices(maker, [name for name, _ in areas]),
        )
    )


class _Maker:
    def __init__(self, matrix: Matrix, *, complete: bool) -> None:
        self.matrix = matrix
        tried = {clause for variant in matrix.variants for clause in variant.violates}
        self.clauses = {
            id: clause for id, clause in load().clauses.items() if complete or id in tried
        }
        self.places = {check.id: f"check-{n}" for n, check in enumerate(matrix.checks, 1)}
        self.unkilled = set(matrix.unkilled_clauses()) if complete else set()
        order = list(RESTS_ON)
        files = dict.fromkeys(clause.file for clause in self.clauses.values())
        self.files = sorted(files, key=lambda file: _place(order, file.removesuffix(".toml")))
        self.reference = tuple(
            result
            for result in matrix.results.get("reference", {}).values()
            if _is_wrong(result, benign=True)
        )
        self.variants = tuple(self._variant(n, each) for n, each in enumerate(matrix.variants, 1))

    def _variant(self, number: int, variant: Variant) -> VariantView:
        row = self.matrix.results.get(variant.name, {})
        kills = tuple(self._kill(variant, clause) for clause in variant.violates)
        wrong = tuple(r for r in row.values() if _is_wrong(r, benign=variant.benign))
        if variant.benign:
            kind, word = (BAD, "accused") if wrong else (HELD, "spared")
        else:
            kind, word = (HELD, "killed") if all(k.checks for k in kills) else (BAD, "survives")
        if kind == HELD and wrong:
            kind = UNKNOWN
        if wrong and all(r.status in (Status.ERROR, Status.LOST) for r in wrong) and variant.benign:
            kind, word = UNKNOWN, "without a result"
        areas = {self.clauses[clause].file for clause in variant.violates}
        keys = ("odd" if variant.benign else "mutant", *(self._area(file) for file in areas))
        return VariantView(
            variant=variant,
            number=number,
            kind=kind,
            word=word,
            keys=" ".join(keys),
            kills=kills,
            tried=len(row),
            wrong=wrong,
        )

    def _kill(self, variant: Variant, clause: str) -> Kill:
        row = self.matrix.results.get(variant.name, {})
        return Kill(
            clause=clause,
            anchor=clause,
            checks=tuple(
                (id, self.places[id], row[id].raw_outcome)
                for id in self.matrix.killers(variant.name, clause)
            ),
        )

    def _area(self, file: str) -> str:
        return f"a{self.files.index(file)}"

    def areas(self) -> list[tuple[str, tuple[ClauseView, ...]]]:
        """Clauses by the file that holds them."""
        by_file: dict[str, list[ClauseView]] = {}
        for clause in self.clauses.values():
            by_file.setdefault(clause.file, []).append(self._clause(clause))
        return [(file.removesuffix(".toml"), tuple(by_file[file])) for file in self.files]

    def _clause(self, clause: Clause) -> ClauseView:
        mutants = tuple(
            (view, bool(kill.checks))
            for view in self.variants
            for kill in view.kills
            if kill.clause == clause.id
        )
        killers = [
            id
            for view, _ in mutants
            for kill in view.kills
            if kill.clause == clause.id
            for id, _, _ in kill.checks
        ]
        killed = sum(dead for _, dead in mutants)
        if killed < len(mutants):
            kind, text = BAD, "✗"
            says = f"{count(len(mutants) - killed, 'mutant')} of {len(mutants)} survives"
        elif clause.id in self.unkilled:
            kind, text, says = BAD, "!", "no mutant dies of it"
        elif mutants:
            kind, text, says = HELD, str(killed), f"{count(killed, 'mutant')} killed"
        else:
            kind, text, says = IMPOSSIBLE, "–", "no mutant here"
        return ClauseView(
            clause=clause,
            kind=kind,
            keys=f"clause {clause.level.lower()} {self._area(clause.file)}",
            text=text,
            says=says,
            mutants=mutants,
            checks=tuple(
                (check.id, self.places[check.id] if first else "", killers.count(check.id))
                for check in self.matrix.checks
                if clause.id in check.clause_ids
                for first in (check.clause_ids[0] == clause.id,)
            ),
        )

    def wrong(self) -> tuple[tuple[str, str, str, str], ...]:
        """What is wrong: a word, where it is told, its name there, and what is said of it."""
        return tuple(self._wrong())

    def _wrong(self) -> Iterator[tuple[str, str, str, str]]:
        for view in self.variants:
            place = f"variant-{view.number}"
            for kill in view.kills:
                if not kill.checks:
                    yield (
                        "survives",
                        place,
                        view.variant.name,
                        f"no check of {kill.clause} kills it",
                    )
            for result in view.wrong:
                yield (_word(result), place, view.variant.name, _said(result))
        for result in self.reference:
            yield (_word(result), "reference", "reference", _said(result))
        for id in self.clauses:
            if id in self.unkilled:
                yield ("no kill", id, id, "no mutant here violates it and dies of it")


def _place(order: list[str], area: str) -> int:
    return order.index(area) if area in order else len(order)


def _is_wrong(result: CheckResult, *, benign: bool) -> bool:
    return result.status in UNDECIDED or (benign and Status(result.raw_outcome) in DEVIATIONS)


def _word(result: CheckResult) -> str:
    return "error" if result.status in UNDECIDED else "accused"


def _said(result: CheckResult) -> str:
    return f"{result.id}: {first_line(observation(result))}"


def _sentence(
    wrong: tuple[object, ...], mutants: list[VariantView], benign: list[VariantView]
) -> str:
    dead = sum(view.word == "killed" for view in mutants)
    spared = sum(view.word == "spared" for view in benign)
    parts = []
    if mutants:
        parts.append(f"{dead} of {count(len(mutants), 'mutant')} killed")
    if benign:
        parts.append(f"{spared} of {count(len(benign), 'odd variant')} spared")
    told = f"; {count(len(wrong), 'thing')} wrong" if wrong else ""
    return ", ".join(parts) + told


def _parts(mutants: list[VariantView], benign: list[VariantView]) -> tuple[Part, ...]:
    parts = (
        Part(HELD, sum(v.word == "killed" for v in mutants), "mutants killed"),
        Part(BAD, sum(v.word == "survives" for v in mutants), "mutants surviving"),
        Part("new", sum(v.word == "spared" for v in benign), "odd variants spared"),
        Part(BAD, sum(v.word == "accused" for v in benign), "odd variants accused"),
        Part(UNKNOWN, sum(v.word == "without a result" for v in benign), "without a result"),
    )
    return tuple(part for part in parts if part.number)


def _choices(
    maker: _Maker, areas: list[str]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return (
        ("What", (("clause", "clauses"), ("mutant", "mutants"), ("odd", "odd variants"))),
        ("Status", ((f"k-{HELD}", "as it should be"), (f"k-{BAD}", "wrong"))),
        ("Level", tuple((level, level) for level in ("must", "should", "advisory"))),
        ("Area", tuple((f"a{n}", name) for n, name in enumerate(areas))),
    )
