# SPDX-License-Identifier: Apache-2.0
"""What to do next: where the implementation stands, and its deviations by what they share.

Everything is in the order of work: what stands on nothing comes first, several libraries in one
process come last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from ffi_cts.abi import load
from ffi_cts.report.words import observation
from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Report, Status

RESTS_ON: dict[str, tuple[str, ...]] = {
    "symbols": (),
    "version": (),
    "layout": (),
    "values": ("layout",),
    "strings": ("values",),
    "refcount": ("layout",),
    "functions": ("values", "refcount"),
    "errors": ("strings", "refcount"),
    "globals": ("functions", "errors"),
    "types": ("strings", "errors"),
    "handles": ("functions",),
    "dtype": ("strings", "errors"),
    "streams": (),
    "tensors": ("values", "refcount", "errors"),
    "environment": ("tensors",),
    "process": (),
    "exchange": (),
    "deletion": ("refcount", "functions", "errors", "tensors"),
}
"""Areas in the order of work, each with those that must hold before its results mean much.

Nothing rests on `symbols`, which is complete last: what a check needs and misses it says itself.
"""

_BASIC = ("new", "create", "incref", "decref")
"""Files of an area that come before its others: nothing there works without them."""
_ORDER = {area: number for number, area in enumerate(RESTS_ON)}
_FEW = 3
_FUNCTION = re.compile(r"\bTVMFFI\w+")
# What differs between two deviations of one cause: literals, numbers, and the case in brackets.
_LITERAL = re.compile(r"b?'(?:[^'\\]|\\.)*'|b?\"(?:[^\"\\]|\\.)*\"|\b0x[0-9a-f]+\b|-?\b\d+\b")


@frozen(kw_only=True)
class Area:
    """How far one area of checks is; the numbers are of checks."""

    name: str
    held: int
    deviating: int
    impossible: int
    undecided: int
    shaky: tuple[str, ...] = ()
    """Areas below it that do not hold themselves."""
    lacking: tuple[str, ...] = ()
    """Functions that its checks miss, in the order of work."""

    @property
    def holds(self) -> bool:
        """Whether something was carried out there, and nothing deviates or lacks a result."""
        return self.held > 0 and not self.deviating and not self.undecided

    @property
    def total(self) -> int:
        """All of its checks."""
        return self.held + self.deviating + self.impossible + self.undecided


@frozen(kw_only=True)
class Standing:
    """Where an implementation stands. `present` and `missing` are functions of the ABI.

    Those that are missing come in the order of work.
    """

    present: tuple[str, ...]
    missing: tuple[str, ...]
    areas: tuple[Area, ...]


@frozen(kw_only=True)
class Group:
    """Deviations that share how the library went wrong; `first` is the most basic of them."""

    first: CheckResult
    others: tuple[CheckResult, ...] = field(factory=tuple)

    @property
    def every(self) -> tuple[CheckResult, ...]:
        """All of them, the most basic first."""
        return (self.first, *self.others)


def area_of(check_id: str) -> str:
    """The area that a check belongs to: the folder of its file."""
    return check_id.partition("/")[0]


def in_order(checks: Iterable[CheckResult]) -> list[CheckResult]:
    """Checks in the order of work; areas that have no place in it come before the last."""
    return sorted(checks, key=_place)


def _place(check: CheckResult) -> tuple[float, int]:
    area, _, rest = check.id.partition("/")
    file = rest.partition("::")[0]
    return (
        _ORDER.get(area, len(_ORDER) - 1.5),
        _BASIC.index(file) if file in _BASIC else len(_BASIC),
    )


def standing(report: Report) -> Standing:
    """Where the implementation of a report stands."""
    functions = [function.name for function in load().abi.functions]
    has = set(report.implementation.features)
    by_area: dict[str, list[CheckResult]] = {}
    for check in in_order(report.checks):
        by_area.setdefault(area_of(check.id), []).append(check)
    counted = {name: _area(name, checks) for name, checks in by_area.items()}
    needs = {name: _needs(checks, set(functions) - has) for name, checks in by_area.items()}
    places = {name: _home(name, needs, counted) for name in functions}
    missing = sorted((name for name in functions if name not in has), key=places.__getitem__)
    return Standing(
        present=tuple(name for name in functions if name in has),
        missing=tuple(missing),
        areas=tuple(
            Area(
                name=name,
                held=area.held,
                deviating=area.deviating,
                impossible=area.impossible,
                undecided=area.undecided,
                shaky=tuple(
                    basis
                    for basis in RESTS_ON.get(name, ())
                    if basis in counted and not counted[basis].holds
                ),
                lacking=tuple(function for function in missing if function in needs[name]),
            )
            for name, area in counted.items()
        ),
    )


def _area(name: str, checks: Sequence[CheckResult]) -> Area:
    deviating = sum(check.status in DEVIATIONS for check in checks)
    impossible = sum(check.status is Status.UNSUPPORTED for check in checks)
    undecided = sum(check.status in UNDECIDED for check in checks)
    return Area(
        name=name,
        held=len(checks) - deviating - impossible - undecided,
        deviating=deviating,
        impossible=impossible,
        undecided=undecided,
    )


def _needs(checks: Iterable[CheckResult], missing: set[str]) -> Counter[str]:
    """How many checks could not do without each of the functions that are missing."""
    return Counter(
        function
        for check in checks
        if check.status is Status.UNSUPPORTED
        for function in set(_FUNCTION.findall(check.message)) & missing
    )


def _home(
    function: str, needs: Mapping[str, Counter[str]], areas: Mapping[str, Area]
) -> tuple[int, int]:
    """Where the work on a function belongs: sorts by area, then by how many checks miss it.

    It is the first area half of which stands still without it, or else the one that misses it most.
    What hardly any check needs comes last.
    """
    checks = sum(counts[function] for counts in needs.values())
    if checks < _FEW:
        return len(areas), -checks
    shares = [needs[name][function] / area.total for name, area in areas.items()]
    enough = min(0.5, max(shares))
    return next(n for n, share in enumerate(shares) if share >= enough), -checks


def grouped(checks: Iterable[CheckResult]) -> list[Group]:
    """Deviations by what they share, the most basic group first."""
    groups: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in in_order(checks):
        groups.setdefault(_shape(check), []).append(check)
    return [Group(first=first, others=tuple(others)) for first, *others in groups.values()]


def _shape(check: CheckResult) -> tuple[str, ...]:
    """What deviations of one cause have in common."""
    seen = observation(check).splitlines()
    headline = seen[0] if seen else ""
    _, bracket, case = check.id.rstrip("]").partition("[")
    for word in re.split(r"\W+", case) if bracket else ():
        if word:
            headline = re.sub(rf"\b{re.escape(word)}\b", "#", headline)
    call = check.in_call.partition("(")[0]
    if check.raw_outcome in ("crash", "timeout"):
        # How it died, and in which function: arguments and examples differ.
        if check.raw_outcome == "crash" and check.stack:
            return ("crash", check.stack[0].partition("+")[0], check.fault)
        headline = headline.partition(call)[0] if call else headline
        return (check.raw_outcome, call, _LITERAL.sub("#", headline))
    return (check.raw_outcome, _LITERAL.sub("#", headline))


def reasons_of(checks: Iterable[CheckResult]) -> list[tuple[str, list[CheckResult]]]:
    """Checks that could not be carried out, by the reason; the reason of most comes first."""
    reasons: dict[str, list[CheckResult]] = {}
    for check in in_order(checks):
        reasons.setdefault(observation(check).strip() or "no reason given", []).append(check)
    return sorted(reasons.items(), key=lambda item: -len(item[1]))
