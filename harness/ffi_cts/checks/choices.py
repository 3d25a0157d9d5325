# SPDX-License-Identifier: Apache-2.0
"""What a half-finished library leaves to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import pytest
from hypothesis import strategies as st

from ffi_cts.engine.context import current

_T = TypeVar("_T")


def supported(choices: Mapping[_T, tuple[str, ...]]) -> list[_T]:
    """The choices for which the library under test has all functions named.

    The check becomes "unsupported" where none is left.
    """
    features = current().subject.features
    left = [choice for choice, functions in choices.items() if features.issuperset(functions)]
    if not left:
        lacking = sorted({name for needed in choices.values() for name in needed} - features)
        pytest.skip(f"the implementation lacks {', '.join(lacking)}: nothing is left to try")
    return left


def one_of(choices: Mapping[_T, tuple[str, ...]]) -> st.SearchStrategy[_T]:
    """Draw from the choices for which the library has all functions named.

    What it has is looked up when the check runs: checks are collected once for all libraries.
    """
    return st.deferred(lambda: st.sampled_from(supported(choices)))
