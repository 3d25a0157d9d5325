# SPDX-License-Identifier: Apache-2.0
"""Names that pytest and Hypothesis keep for themselves, and that the engine needs."""

from __future__ import annotations

import pytest

from ffi_cts.engine import borrowed
from ffi_cts.errors import HarnessError


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("_pytest.runner", "runtestprotocol"),
        ("hypothesis.internal.conjecture.providers", "_get_local_constants"),
        ("hypothesis.internal.conjecture.providers", "_local_constants"),
    ],
)
def test_a_private_name_that_is_gone_is_a_clear_error(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str, request: pytest.FixtureRequest
) -> None:
    monkeypatch.delattr(f"{module}.{name}")
    needs = {
        "_pytest.runner": lambda: borrowed.run_item(request.node),
        "hypothesis.internal.conjecture.providers": borrowed.forget_local_constants,
    }[module]
    with pytest.raises(HarnessError, match=f"has no {module}.{name}, which"):
        needs()
