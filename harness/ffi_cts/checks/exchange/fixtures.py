# SPDX-License-Identifier: Apache-2.0
"""What checks of tensor exchange ask for by name, and which cells of the matrix they judge."""

from __future__ import annotations

import pytest

from ffi_cts.checks.exchange.adapter import Exchanger
from ffi_cts.checks.exchange.adapters import exchanger
from ffi_cts.checks.native import native
from ffi_cts.engine.context import current

_loaded: dict[tuple[str, str], Exchanger] = {}
"""Of this process, where several checks may run one after the other."""


class ExchangeFixtures:
    """Plugin with the fixtures; registered beside the plugin that collects."""

    @pytest.fixture
    def producer(self) -> Exchanger:
        """The library that makes tensors. A check of it alone is consumed by the strict peer."""
        return _exchanger("producer")

    @pytest.fixture
    def consumer(self) -> Exchanger:
        """The library that takes tensors. A check of it alone is fed by the strict peer."""
        return _exchanger("consumer")


def _exchanger(role: str) -> Exchanger:
    companion = current().subject.companion(role)
    key = (companion.id, str(companion.path))
    if key not in _loaded:
        crumbs = current().crumbs
        if crumbs is not None:
            crumbs.enter(f"import of {companion.id}")
        _loaded[key] = exchanger(companion.id.partition("==")[0], companion.path, companion.recipe)
        if crumbs is not None:
            crumbs.begin_example()
        native.cts_signals_default()
    return _loaded[key]
