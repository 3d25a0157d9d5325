# SPDX-License-Identifier: Apache-2.0
"""Which checks there are, and which of them a run carries out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts.abi import load
from ffi_cts.checks import clause
from ffi_cts.engine.plan import Check, select, to_check
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.results import Level

CLAUSES = load().clauses
Make = Callable[..., Check]


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a check of a function, in a file of a topic."""

    def make(function: Callable[..., object], file: str = "topic/test_file.py") -> Check:
        folder = request.path.parent
        item = pytest.Function.from_parent(
            request.node.parent, name=function.__name__, callobj=function
        )
        item.path = folder / file
        return to_check(item, folder, CLAUSES)

    return make


@clause("FUNC-CREATE-04")
def one(runtime: object) -> None:
    """Of the profile core."""


@clause("ENV-STREAM-05")
def other() -> None:
    """Of another profile, and it loads the library itself."""


def test_a_check_says_what_it_judges(make: Make) -> None:
    check = make(one)
    assert check.id == "topic/file::one"
    assert check.clause_ids == ("FUNC-CREATE-04",)
    assert (check.level, check.profile) == (Level.MUST, "core")
    assert "TVMFFIFunctionCreate" in check.requires
    assert not check.wants_fresh_process
    assert make(other).wants_fresh_process


def test_a_check_without_a_clause_is_a_fault_of_the_suite(make: Make) -> None:
    def test_nothing() -> None:
        pass

    with pytest.raises(HarnessError, match="topic/file::nothing names no clause"):
        make(test_nothing)


def test_a_clause_that_does_not_exist_is_a_fault_of_the_suite(make: Make) -> None:
    @clause("NO-SUCH-01")
    def test_unknown() -> None:
        pass

    with pytest.raises(HarnessError, match="names clause NO-SUCH-01, which spec/clauses lacks"):
        make(test_unknown)


def test_what_is_no_function_is_a_fault_of_the_suite(request: pytest.FixtureRequest) -> None:
    class Item(pytest.Item):
        def runtest(self) -> None:
            pass

    item = Item.from_parent(request.node.parent, name="test_item")
    with pytest.raises(HarnessError, match="is no test function"):
        to_check(item, Path(__file__).parent, CLAUSES)


@pytest.mark.parametrize(
    ("only", "profiles", "chosen"),
    [
        ((), (), ["one", "other"]),
        (("topic/file::one",), (), ["one"]),
        (("FUNC-*",), (), ["one"]),
        (("func-*", "topic/*"), (), None),
        (("*::o*",), ("hardening",), ["other"]),
        ((), ("core", "hardening"), ["one", "other"]),
        (("FUNC-*",), ("hardening",), []),
        ((), ("kernel",), None),
        (("FUNC-*", "nothing*"), (), None),
    ],
)
def test_what_is_selected(
    make: Make, only: tuple[str, ...], profiles: tuple[str, ...], chosen: list[str] | None
) -> None:
    checks = [make(one), make(other)]
    if chosen is None:
        with pytest.raises(UsageError, match=r"--only|--profile"):
            select(checks, only, profiles)
    else:
        found = [check.id.partition("::")[2] for check in select(checks, only, profiles)]
        assert found == chosen
