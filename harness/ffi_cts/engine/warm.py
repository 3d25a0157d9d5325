# SPDX-License-Identifier: Apache-2.0
"""Work done once before forking, so that no child does it again. Nothing hangs on it but speed,
and that runs are the same wherever the suite is installed."""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from ffi_cts.checks.native import ffi

_CTYPE = re.compile(r"""ffi\.(?:new|cast|typeof|sizeof)\(\s*"([^"]+)"|cell\(\w+, "([^"]+)"\)""")


def warm(sources: Iterable[Path]) -> None:
    """Fill the caches of Hypothesis and cffi, and freeze what exists for the collector.

    Args:
        sources: Python files whose C types are parsed ahead.
    """
    _forget_local_constants()
    _run_a_property()
    for ctype in sorted({t for file in sources for t in _ctypes(file.read_text("utf-8"))}):
        with contextlib.suppress(Exception):  # a type that only looks like one
            ffi.typeof(ctype)
    gc.collect()
    gc.freeze()


def _forget_local_constants() -> None:
    """Keep Hypothesis from mining the caller's modules for constants.

    What it finds depends on where the suite is installed and what else is imported; the
    examples of a check must not.
    """
    if hasattr(providers, "_get_local_constants"):
        empty = providers._local_constants
        providers._get_local_constants = lambda: empty


def _run_a_property() -> None:
    @settings(max_examples=3)
    @given(
        values=st.tuples(
            st.integers(),
            st.floats(),
            st.binary(),
            st.lists(st.tuples(st.booleans(), st.sampled_from([1, 2]))),
            st.one_of(st.none(), st.integers(0, 9)),
        )
    )
    def trivial(values: object) -> None:
        pass

    trivial()


def _ctypes(text: str) -> Iterable[str]:
    for whole, cell in _CTYPE.findall(text):
        yield whole or f"{cell}*"
