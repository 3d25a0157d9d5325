# SPDX-License-Identifier: Apache-2.0
"""From the words of a command line to libraries with names of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve

from ffi_cts.library.targets import Target, expand, resolve


def find(words: Sequence[str], note: Callable[[str], None] = lambda message: None) -> list[Target]:
    """Resolve every target; a range of releases means each of them.

    Raises:
        UsageError: one can't be found or is no shared library, or no release fits.
    """
    found: list[Target] = []
    for word in expand(words):
        found.append(_named(resolve(word, progress=note), word, found))
    return found


def _named(target: Target, word: str, others: Sequence[Target]) -> Target:
    """Two files may have one name, and one file may be given twice: results need two names."""
    taken = {other.id for other in others}
    if target.id not in taken:
        return target
    names = [word, *(f"{word} ({n})" for n in range(2, len(taken) + 3))]
    return evolve(target, id=next(name for name in names if name not in taken))
