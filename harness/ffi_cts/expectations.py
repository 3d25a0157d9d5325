# SPDX-License-Identifier: Apache-2.0
"""Known deviations of an implementation, kept in a TOML file so that only news fails.

An entry looks like this:

```toml
[[expect]]
check = "errors/*"                      # check id, or a glob with * and ?
outcome = "fail"                        # fail, crash or timeout
reason = "kind is lost on re-raise"
link = "https://example.org/issue"      # optional
until = 2027-01-31                      # optional, last day on which the entry applies
applies_to = "apache-tvm-ffi<=0.1.7"    # optional, name and version specifiers (PEP 440)
```
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import attrs
from attrs import frozen
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from ffi_cts import waivers
from ffi_cts._paths import resource
from ffi_cts.errors import UsageError
from ffi_cts.globs import fits, is_glob
from ffi_cts.results import (
    DEVIATIONS,
    CheckResult,
    ExpectationNote,
    ExpectationSummary,
    PartEntry,
    Status,
)
from ffi_cts.waivers import Entry, Waiver

OUTCOMES = ("fail", "crash", "timeout")
NO_SUCH_CHECK = "no check has this id"


@frozen(kw_only=True)
class AppliesTo:
    """The implementations that an entry is about: a name, and versions if any are given."""

    name: str
    versions: SpecifierSet

    def covers(self, implementation_id: str) -> bool:
        """Say whether `name` or `name==version` is meant. Post-releases order as in PEP 440."""
        if ", " in implementation_id:  # several libraries that exchange tensors
            return any(self.covers(each) for each in implementation_id.split(", "))
        name, _, version = implementation_id.partition("==")
        if canonicalize_name(name) != canonicalize_name(self.name):
            return False
        if not len(self.versions):
            return True
        try:
            return self.versions.contains(Version(version), prereleases=True)
        except InvalidVersion:
            return False


@frozen(kw_only=True)
class Expectation(Waiver):
    """One entry of an expectation file; `place` says where in the file it is."""

    check: str
    outcome: str
    applies_to: AppliesTo | None = None
    place: str = ""

    def covers(self, implementation_id: str) -> bool:
        """Say whether the entry is about this implementation."""
        return self.applies_to is None or self.applies_to.covers(implementation_id)

    def matches(self, check_id: str) -> bool:
        """Say whether the id is the one named, or fits the glob."""
        return fits(check_id, self.check)

    def concerns(self, check_id: str, implementation_id: str) -> bool:
        """Say whether the entry is about this check of this implementation."""
        return self.covers(implementation_id) and self.matches(check_id)

    def as_part(self) -> PartEntry:
        """This entry as the report of a part keeps it."""
        return PartEntry(
            check=self.check,
            outcome=self.outcome,
            reason=self.reason,
            link=self.link,
            until=self.until.isoformat() if self.until is not None else "",
            place=self.place,
        )

    @classmethod
    def of_part(cls, entry: PartEntry) -> Expectation:
        """The entry again. Raises ValueError if its date is none."""
        return cls(
            check=entry.check,
            outcome=entry.outcome,
            reason=entry.reason,
            link=entry.link,
            until=date.fromisoformat(entry.until) if entry.until else None,
            place=entry.place,
        )

    @property
    def exact(self) -> bool:
        """Whether the entry names one check rather than a glob."""
        return not is_glob(self.check)

    def note(self, detail: str = "", check: str = "") -> ExpectationNote:
        """Describe this entry, or what it did to one check, for the report."""
        return ExpectationNote(
            check=check or self.check, outcome=self.outcome, reason=self.reason, detail=detail
        )


@frozen(kw_only=True)
class Expectations:
    """The entries of one file, in its order."""

    source: str = ""
    entries: tuple[Expectation, ...] = ()

    @property
    def unfinished(self) -> str:
        """A sentence about entries that were drafted and say no reason yet; empty without any."""
        entries = [entry for entry in self.entries if entry.unfinished]
        if not entries:
            return ""
        number = "1 entry has" if len(entries) == 1 else f"{len(entries)} entries have"
        first = entries[0]
        return (
            f"In the expectation file {self.source}, {number} a placeholder for a reason or a "
            f"link; the first is {first.place}, for {first.check}."
        )

    def insist(self) -> None:
        """Take no placeholder for a reason.

        Raises:
            UsageError: an entry that was drafted waits for its reason or its link.
        """
        if self.unfinished:
            raise UsageError(
                f"--strict: {self.unfinished}",
                "Say why each deviation is known, and where it is tracked, or remove the link.",
            )


def load_expectations(path_or_name: str | Path) -> Expectations:
    """Read an expectation file.

    A bare name that is no file, such as `apache-tvm-ffi`, means the file of that name that
    travels with the suite. Raises UsageError naming the file, the line and the remedy.
    """
    path = _locate(str(path_or_name))
    entries = waivers.read(path, "expectation file", "expect", ("check", "outcome", "applies_to"))
    return Expectations(source=str(path), entries=tuple(map(_expectation, entries)))


def apply(
    results: Sequence[CheckResult],
    expectations: Expectations,
    implementation_id: str,
    today: date,
    *,
    known_checks: Collection[str] = (),
    whole: bool = True,
) -> tuple[tuple[CheckResult, ...], ExpectationSummary]:
    """Apply the entries to the results, and say what became of each entry.

    `known_checks` are the ids of all checks of the suite: an entry whose check exists but was
    not part of this run, or gave no outcome (unsupported, lost, error), is not judged. A glob
    counts as still failing while at least one check that it covers does; where the results are not
    the `whole` of what was selected, that may be a check that is missing. Results keep their order.
    Nothing is raised.
    """
    updated = {result.id: result for result in results}
    unmatched: list[ExpectationNote] = []
    passes: list[ExpectationNote] = []
    expired: list[ExpectationNote] = []
    duplicates: list[ExpectationNote] = []
    applied: dict[str, Expectation] = {}
    said: dict[tuple[str, str], Expectation] = {}
    for entry in expectations.entries:
        if not entry.covers(implementation_id):
            continue
        covered = [result for result in results if entry.matches(result.id)]
        if not covered:
            if not any(entry.matches(known) for known in known_checks):
                unmatched.append(entry.note(NO_SUCH_CHECK))
            continue
        failing = [result for result in covered if _deviates(result)]
        hits = [result for result in failing if result.raw_outcome == entry.outcome]
        if entry.expired(today):
            still = "its deviation counts again" if hits else "nothing of it deviates: remove it"
            expired.append(entry.note(f"expired after {entry.until}; {still}"))
            continue
        twin = said.setdefault((entry.check, entry.outcome), entry)
        if twin is not entry:
            duplicates.append(entry.note(f"says the same as {twin.place or 'another'}: remove one"))
            continue
        for result in hits:
            chosen = applied.get(result.id)
            if chosen is None or (entry.exact and not chosen.exact):
                applied[result.id] = entry
        if hits or (not whole and not entry.exact):
            continue
        if failing:
            seen = ", ".join(f"{result.id}: {result.raw_outcome}" for result in failing[:3])
            unmatched.append(entry.note(f"expected {entry.outcome}, but saw {seen}"))
        passing = [result for result in covered if result.status is Status.PASS]
        for result in passing if not failing else ():
            updated[result.id] = attrs.evolve(
                result, status=Status.UNEXPECTED_PASS, waiver=entry.reason
            )
            passes.append(entry.note("passes now", check=result.id))
    for check_id, entry in applied.items():
        result = updated[check_id]
        updated[check_id] = attrs.evolve(
            result, status=Status.WAIVED, outcome=result.raw_outcome, waiver=entry.reason
        )
    summary = ExpectationSummary(
        applied=tuple(entry.note(entry.link, check=check) for check, entry in applied.items()),
        unmatched=tuple(unmatched),
        unexpected_passes=tuple(passes),
        expired=tuple(expired),
        duplicates=tuple(duplicates),
    )
    return tuple(updated[result.id] for result in results), summary


def _deviates(result: CheckResult) -> bool:
    return result.status in DEVIATIONS or result.status is Status.WARN


def _locate(given: str) -> Path:
    path = Path(given)
    if path.is_file():
        return path
    try:
        folder = resource("conformance") / "expectations"
    except FileNotFoundError:
        folder = Path("no-such-folder")
    bundled = folder / f"{given}.toml"
    if "/" not in given and bundled.is_file():
        return bundled
    if path.exists():
        return path
    hint = "Give the path of a TOML file to --expect"
    names = sorted(file.stem for file in folder.glob("*.toml"))
    if names:
        hint += f", or the name of one that comes with the suite: {', '.join(names)}"
    raise UsageError(f"There is no expectation file {given}.", f"{hint}.")


def _expectation(entry: Entry) -> Expectation:
    check, outcome = entry.text("check"), entry.text("outcome")
    if outcome not in OUTCOMES:
        raise entry.wrong(
            f"outcome = {outcome!r} is not an outcome",
            "Write fail, crash or timeout, also for a SHOULD or ADVISORY clause, "
            "whose deviation shows as a warning.",
        )
    named = entry.text("applies_to", "")
    try:
        applies_to = _applies_to(named) if "applies_to" in entry.table else None
    except InvalidRequirement as error:
        raise entry.wrong(
            f"applies_to = {named!r} can't be understood",
            'Write a name with version specifiers if needed, such as "apache-tvm-ffi<=0.1.7".',
        ) from error
    return Expectation(
        check=check,
        outcome=outcome,
        applies_to=applies_to,
        place=entry.place,
        **entry.common(),
    )


def _applies_to(text: str) -> AppliesTo:
    requirement = Requirement(text)
    if requirement.url or requirement.marker or requirement.extras:
        raise InvalidRequirement("only a name and versions are meaningful")
    return AppliesTo(name=requirement.name, versions=requirement.specifier)
