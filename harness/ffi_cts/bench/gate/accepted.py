# SPDX-License-Identifier: Apache-2.0
"""Slower calls that somebody has accepted, with the reason, in a TOML file.

An entry looks like this:

```toml
[[accept]]
op = "error.create*"                # operation, or a glob with * and ?
reason = "errors carry a cause now"
at_most = 1.2                       # optional: up to 1.2 times the base
until = 2027-01-31                  # optional: last day on which the entry applies
link = "https://example.org/issue"  # optional
```
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from attrs import frozen

from ffi_cts import waivers
from ffi_cts.globs import fits
from ffi_cts.waivers import Entry, Waiver


@frozen(kw_only=True)
class Accepted(Waiver):
    """One entry: `op` may be a glob, `at_most` is the largest ratio that is accepted."""

    op: str
    at_most: float | None = None

    def covers(self, op: str, ratio: float, today: date) -> bool:
        """Whether this entry accepts `op` at `ratio` times the base."""
        return (
            fits(op, self.op)
            and (self.at_most is None or ratio <= self.at_most)
            and not self.expired(today)
        )


def load(path: Path) -> tuple[Accepted, ...]:
    """Read the file. Raises UsageError naming the entry and the remedy."""
    entries = waivers.read(path, "file of accepted calls", "accept", ("op", "at_most"))
    return tuple(_accepted(entry) for entry in entries)


def _accepted(entry: Entry) -> Accepted:
    at_most = entry.table.get("at_most")
    if at_most is not None:
        number = isinstance(at_most, (int, float)) and not isinstance(at_most, bool)
        if not number or not at_most >= 1:  # not a number is not at least 1
            raise entry.wrong(f"at_most = {at_most!r} makes no sense", "Write a ratio such as 1.2.")
    return Accepted(op=entry.text("op"), at_most=at_most, **entry.common())


def find(entries: Sequence[Accepted], op: str, ratio: float, today: date) -> Accepted | None:
    """The first entry that accepts a slower `op`, None if none does."""
    return next((entry for entry in entries if entry.covers(op, ratio, today)), None)
