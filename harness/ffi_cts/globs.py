# SPDX-License-Identifier: Apache-2.0
"""The globs by which users name checks, clauses, operations and variants."""

from __future__ import annotations

from collections.abc import Iterable


def fits(name: str, glob: str) -> bool:
    """Say whether the whole name fits: `*` is any text, `?` any one character. Case counts.

    Nothing else is special: ids of parametrised checks hold square brackets. However many
    stars there are, no more than the product of the two lengths is compared.
    """
    here = there = 0
    star = retry = -1
    while here < len(name):
        if there < len(glob) and glob[there] == "*":
            star, retry = there, here
            there += 1
        elif there < len(glob) and glob[there] in ("?", name[here]):
            here, there = here + 1, there + 1
        elif star >= 0:
            # The last star takes one character more; no earlier one ever needs to.
            retry += 1
            here, there = retry, star + 1
        else:
            return False
    return not glob[there:].strip("*")


def fits_any(name: str, globs: Iterable[str]) -> bool:
    """Say whether the name fits one of the globs."""
    return any(fits(name, glob) for glob in globs)


def is_glob(text: str) -> bool:
    """Whether the text may stand for more than one name."""
    return not set(text).isdisjoint("*?")
