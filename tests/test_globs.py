# SPDX-License-Identifier: Apache-2.0
"""Globs: one rule for every command and every file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.globs import fits, fits_any, is_glob


@pytest.mark.parametrize(
    ("name", "glob", "expected"),
    [
        ("ERR-RAISE-03", "ERR-*", True),
        ("ERR-RAISE-03", "ERR-?????-03", True),
        ("ERR-RAISE-03", "err-*", False),
        ("a::b[x-1]", "a::b[x-1]", True),
        ("a::bx", "a::b[x-1]", False),
        ("a::b[x-1]", "*[x-?]", True),
        ("a", "", False),
        ("", "*", True),
        ("two\nlines", "two*s", True),
        ("aab", "*ab", True),
    ],
)
def test_only_the_star_and_the_question_mark_are_special(
    name: str, glob: str, expected: bool
) -> None:
    assert fits(name, glob) is expected
    assert fits_any(name, ("nothing", glob)) is expected


@given(name=st.text("ab[", max_size=12), glob=st.text("ab[*?", max_size=8))
def test_globs_mean_what_the_expression_means(name: str, glob: str) -> None:
    parts = {"*": ".*", "?": "."}
    pattern = "".join(parts.get(char, re.escape(char)) for char in glob)
    assert fits(name, glob) is bool(re.fullmatch(pattern, name, re.DOTALL))


def test_many_stars_take_no_longer_than_the_texts_are_long() -> None:
    assert not fits("a" * 2_000, "*a" * 200 + "b")


def test_which_texts_are_globs() -> None:
    assert is_glob("a*")
    assert is_glob("?")
    assert not is_glob("a[b]")
