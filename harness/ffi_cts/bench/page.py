# SPDX-License-Identifier: Apache-2.0
"""A benchmark as one self-contained HTML page."""

from __future__ import annotations

from ffi_cts.bench.model import Benchmark


def render(benchmark: Benchmark) -> str:
    """Give the page."""
    raise NotImplementedError
