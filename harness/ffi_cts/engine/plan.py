# SPDX-License-Identifier: Apache-2.0
"""Which checks there are, what each judges, and which of them a run is to carry out."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
import pytest

from ffi_cts.abi.model import PROFILES, Clause
from ffi_cts.engine.marks import ATTRIBUTE, IMPORTS, SLOW, STATEFUL, required
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.globs import fits
from ffi_cts.results import Level

ROLES = frozenset({"producer", "consumer"})
"""Fixtures with the libraries of a check of tensor exchange."""


@attrs.frozen
class Check:
    """One check: a collected pytest item with its clauses.

    ``cell`` is the id of the subject that it is for, where a run has several.
    """

    id: str
    clauses: tuple[Clause, ...]
    item: pytest.Function = attrs.field(repr=False, eq=False)
    needs: frozenset[str] = frozenset()
    cell: str = ""

    @property
    def kind(self) -> str:
        """The kind of subject that it judges."""
        return self.clauses[0].kind

    @property
    def level(self) -> Level:
        """The level of its first clause, which is the one it judges."""
        return Level(self.clauses[0].level.lower())

    @property
    def profile(self) -> str:
        """The profile of its first clause."""
        return self.clauses[0].profile

    @property
    def disputed(self) -> bool:
        """Whether a clause of it is disputed: then it never gates."""
        return any(clause.disputed for clause in self.clauses)

    @property
    def requires(self) -> frozenset[str]:
        """What it can't do without: by its clauses, and ``needs`` by its marks."""
        return self.needs.union(*(clause.requires for clause in self.clauses))

    @property
    def wants_fresh_process(self) -> bool:
        """Whether the check loads the library itself: what it sees depends on nothing before it."""
        return not {"runtime", "headers", *ROLES} & set(self.item.fixturenames)

    @property
    def roles(self) -> frozenset[str]:
        """Of a producer and a consumer those that it judges."""
        return ROLES & frozenset(self.item.fixturenames)

    def of(self, cell: str) -> Check:
        """The same check for one cell of a matrix, with an id of its own."""
        return attrs.evolve(self, id=f"{self.id}[{cell}]", cell=cell)

    @property
    def imports(self) -> tuple[str, ...]:
        """Modules to import once for all checks that want the same."""
        return getattr(self.item.obj, IMPORTS, ())

    @property
    def slow(self) -> bool:
        """Whether it is known to take long, so that nothing should wait for it at the end."""
        return hasattr(self.item.obj, SLOW) or hasattr(self.item.obj, STATEFUL)

    @property
    def wants_the_machine(self) -> bool:
        """Whether the check looks for races, and so needs more than one core for itself."""
        return self.profile == "threads"

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """The ids of its clauses."""
        return tuple(clause.id for clause in self.clauses)


def check_id(item: pytest.Item, root: Path) -> str:
    """``topic/file::test`` without the ``test_`` prefixes: short, stable, good for globs."""
    relative = item.path.relative_to(root)
    file = relative.with_name(relative.name.removeprefix("test_")).with_suffix("")
    return f"{file.as_posix()}::{item.name.removeprefix('test_')}"


def to_check(item: pytest.Item, root: Path, clauses: dict[str, Clause]) -> Check:
    """The check that a collected item is.

    Raises:
        HarnessError: it names no clause, or one that the specification lacks.
    """
    name = check_id(item, root)
    if not isinstance(item, pytest.Function):
        raise HarnessError(f"{name} is no test function")
    ids: tuple[str, ...] = getattr(item.obj, ATTRIBUTE, ())
    if not ids:
        raise HarnessError(f"the check {name} names no clause", hint="decorate it with @clause")
    unknown = [each for each in ids if each not in clauses]
    if unknown:
        raise HarnessError(
            f"the check {name} names clause {', '.join(unknown)}, which spec/clauses lacks"
        )
    return Check(name, tuple(clauses[each] for each in ids), item, required(item))


def select(
    checks: Iterable[Check], only: Sequence[str] = (), profiles: Sequence[str] = ()
) -> list[Check]:
    """The checks with an id, or a clause id, that fits one of the globs, of one of the profiles.

    Raises:
        UsageError: a glob fits nothing, or a profile does not exist.
    """
    for profile in profiles:
        if profile not in PROFILES:
            raise UsageError(
                f"--profile {profile}: there is no such profile.",
                hint=f"Profiles are {', '.join(PROFILES)}.",
            )
    checks = list(checks)
    for pattern in only:
        if not any(_fits(check, pattern) for check in checks):
            raise UsageError(
                f"--only {shlex.quote(pattern)}: no check and no clause has such an id.",
                hint="`ffi-cts spec list` prints the clauses with their checks; "
                "quote globs such as 'ERR-*'.",
            )
    return [
        check
        for check in checks
        if (not only or any(_fits(check, pattern) for pattern in only))
        and (not profiles or check.profile in profiles)
    ]


def _fits(check: Check, pattern: str) -> bool:
    return any(fits(name, pattern) for name in (check.id, *check.clause_ids))
