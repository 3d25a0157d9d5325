# SPDX-License-Identifier: Apache-2.0
"""Work done once before forking, so that no child does it again.

Nothing hangs on it but speed, and that runs are the same wherever the suite is installed.
"""

from __future__ import annotations

import gc

from hypothesis import given, settings
from hypothesis import strategies as st

from ffi_cts.engine import trace
from ffi_cts.engine.borrowed import forget_local_constants


def warm() -> None:
    """Fill the caches of Hypothesis, and freeze what exists for the collector."""
    forget_local_constants()
    trace.prepare()
    _run_a_property()
    gc.collect()
    gc.freeze()


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
