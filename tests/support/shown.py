# SPDX-License-Identifier: Apache-2.0
"""Outputs that documents show, and what is printed today."""

from __future__ import annotations

from collections.abc import Sequence

from ffi_cts.globs import fits


def follows(shown: Sequence[str], printed: Sequence[str]) -> str | None:
    """The first line shown that was not printed in its place; `…` stands for anything."""
    rest = iter(printed)
    anything = False
    for line in shown:
        if line.strip() == "…":
            anything = True
            continue
        glob = line.replace("…", "*")
        for other in rest:
            if fits(other.rstrip(), glob):
                break
            if not anything:
                return line
        else:
            return line
        anything = False
    return None
