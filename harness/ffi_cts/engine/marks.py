# SPDX-License-Identifier: Apache-2.0
"""Ties a check to the clauses that it judges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

_F = TypeVar("_F", bound=Callable[..., Any])

ATTRIBUTE = "__ffi_cts_clauses__"
IMPORTS = "__ffi_cts_imports__"
SLOW = "__ffi_cts_slow__"
STATEFUL = "__ffi_cts_stateful__"
REQUIRES = "ffi_cts_requires"
"""The pytest marker with what a check, or a parameter of it, needs."""


def clause(*ids: str) -> Callable[[_F], _F]:
    """Mark a check (function or state machine's TestCase) with the clauses it judges.

    All of them must have one level and one profile, so that a failure has one
    meaning. Placed above ``@given``.
    """

    def mark(check: _F) -> _F:
        setattr(check, ATTRIBUTE, ids)
        return check

    return mark


def stateful(check: _F) -> _F:
    """Mark a check that runs a Hypothesis state machine.

    Its machine only records a program; ``teardown`` replays that inside ``isolated``,
    so that a crash shrinks like any failure.
    """
    setattr(check, STATEFUL, True)
    return check


def slow(check: _F) -> _F:
    """Mark a check that takes long whatever the library does: it starts before the others."""
    setattr(check, SLOW, True)
    return check


def requires(*functions: str) -> pytest.MarkDecorator:
    """Mark a check, or one parameter of it, with what it needs beside what its clauses need."""
    mark: pytest.MarkDecorator = getattr(pytest.mark, REQUIRES)
    return mark.with_args(*functions)


def required(item: pytest.Item) -> frozenset[str]:
    """What the marks of an item say that it needs."""
    return frozenset(need for mark in item.iter_markers(REQUIRES) for need in mark.args)


def imports(*modules: str) -> Callable[[_F], _F]:
    """Mark a check that imports heavy modules, such as a framework.

    They are imported once for all checks that name the same, in a process that the others never
    see; the check imports them by itself as well, inside of its function.
    """

    def mark(check: _F) -> _F:
        setattr(check, IMPORTS, tuple(sorted(modules)))
        return check

    return mark
