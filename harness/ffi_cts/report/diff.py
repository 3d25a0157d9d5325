# SPDX-License-Identifier: Apache-2.0
"""What changed between two runs: a comparison of their reports, check by check."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from ffi_cts.results import (
    DEVIATIONS,
    EXIT_HARNESS,
    EXIT_NONCONFORMANT,
    EXIT_OK,
    UNDECIDED,
    CheckResult,
    Level,
    Report,
    Status,
)

_DEVIATES = frozenset(status.value for status in DEVIATIONS)


class Change(str, Enum):
    """What became of a check from the old run to the new one."""

    BROKEN = "broken"
    """It held, or could not be carried out, and deviates now; or it held and can't be tried."""
    FIXED = "fixed"
    """It deviated and holds now."""
    CHANGED = "changed"
    """It deviates in another way, or can be carried out for the first time, and holds."""
    UNKNOWN = "unknown"
    """One of the runs has no result of it."""
    NEW = "new"
    """The old suite did not have it, or the old run left it out."""
    GONE = "gone"
    """The new suite does not have it any more, or the new run left it out."""


@frozen(kw_only=True)
class Difference:
    """One check that is not as it was; `old` or `new` is None where a run lacks it."""

    id: str
    change: Change
    old: CheckResult | None
    new: CheckResult | None

    @property
    def level(self) -> Level:
        """How binding its clauses are, in the newer run that has it."""
        return self._latest.level

    @property
    def clauses(self) -> tuple[str, ...]:
        """Its clauses, in the newer run that has it."""
        return self._latest.clauses

    @property
    def gates(self) -> bool:
        """Whether it is a promise that was newly broken."""
        return self.change is Change.BROKEN and self.level is Level.MUST

    @property
    def _latest(self) -> CheckResult:
        latest = self.new or self.old
        assert latest is not None
        return latest


@frozen(kw_only=True)
class Diff:
    """Two reports and every difference between them, in the order of the new one's checks."""

    old: Report
    new: Report
    differences: tuple[Difference, ...]

    def of(self, change: Change) -> tuple[Difference, ...]:
        """The differences of one kind."""
        return tuple(each for each in self.differences if each.change is change)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What makes the two runs less comparable than they look."""
        old, new = self.old, self.new
        found = []
        if old.suite.version != new.suite.version:
            found.append(f"suite {old.suite.version} judged then, {new.suite.version} now")
        elif old.suite.spec_sha256 != new.suite.spec_sha256:
            found.append("the two runs judged by different specifications")
        if old.kind != new.kind:
            found.append(f"the subjects are of different kinds: {old.kind} and {new.kind}")
        if (old.run.effort, old.run.seed) != (new.run.effort, new.run.seed):
            found.append(
                f"{old.run.effort} effort with seed {old.run.seed} then, "
                f"{new.run.effort} with seed {new.run.seed} now"
            )
        if old.run.partial or new.run.partial:
            which = (
                "both runs were"
                if old.run.partial and new.run.partial
                else ("the old run was" if old.run.partial else "the new run was")
            )
            found.append(f"{which} only of a selection of the checks")
        return tuple(found)

    def exit_code(self, *, gate: bool) -> int:
        """What the command exits with.

        3 if the new run has no result where the old one had; with `gate`, 1 if a MUST check
        broke; else 0.
        """
        if self.new.run.interrupted or any(
            each.new is not None and each.new.status in UNDECIDED
            for each in self.of(Change.UNKNOWN)
        ):
            return EXIT_HARNESS
        if gate and any(each.gates for each in self.differences):
            return EXIT_NONCONFORMANT
        return EXIT_OK


def compare(old: Report, new: Report) -> Diff:
    """Compare two reports. Expectations don't count: a waived deviation is a deviation."""
    before = {check.id: check for check in old.checks}
    after = {check.id: check for check in new.checks}
    ids = [*after, *(id for id in before if id not in after)]
    found = []
    for id in ids:
        change = _change(before.get(id), after.get(id))
        if change is not None:
            found.append(Difference(id=id, change=change, old=before.get(id), new=after.get(id)))
    return Diff(old=old, new=new, differences=tuple(found))


def _change(old: CheckResult | None, new: CheckResult | None) -> Change | None:
    if old is None:
        return Change.NEW
    if new is None:
        return Change.GONE
    if old.status in UNDECIDED or new.status in UNDECIDED:
        return None if old.status in UNDECIDED and new.status in UNDECIDED else Change.UNKNOWN
    was, now = _kind(old), _kind(new)
    if now == "deviates" and was != "deviates":
        return Change.BROKEN
    if was == "holds" and now == "unsupported":
        return Change.BROKEN
    if was == "deviates" and now == "holds":
        return Change.FIXED
    if was == now == "deviates":
        return Change.CHANGED if old.raw_outcome != new.raw_outcome else None
    return Change.CHANGED if was != now else None


def _kind(result: CheckResult) -> str:
    if result.raw_outcome in _DEVIATES:
        return "deviates"
    return "unsupported" if result.status is Status.UNSUPPORTED else "holds"
