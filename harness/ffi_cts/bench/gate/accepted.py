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

import fnmatch
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from ffi_cts import _toml
from ffi_cts.errors import UsageError

_KEYS: dict[str, type | tuple[type, ...]] = {
    "op": str,
    "reason": str,
    "at_most": (int, float),
    "until": date,
    "link": str,
}


@frozen(kw_only=True)
class Accepted:
    """One entry: `op` may be a glob, `at_most` is the largest ratio that is accepted."""

    op: str
    reason: str
    at_most: float | None = None
    until: date | None = None
    link: str = ""

    def covers(self, op: str, ratio: float, today: date) -> bool:
        """Whether this entry accepts `op` at `ratio` times the base."""
        return (
            fnmatch.fnmatchcase(op, self.op)
            and (self.at_most is None or ratio <= self.at_most)
            and (self.until is None or today <= self.until)
        )


def load(path: Path) -> tuple[Accepted, ...]:
    """Read the file. Raises UsageError naming the entry and the remedy."""
    try:
        data = _toml.load(path)
    except OSError as error:
        raise UsageError(
            f"Can't read the file of accepted calls {path}: {error.strerror or error}.",
            "Give a readable TOML file to --accept.",
        ) from error
    except ValueError as error:  # TOML and UTF-8 errors are both of this kind
        raise UsageError(f"{path} is no TOML: {error}.", "Mend it there.") from error
    unknown = sorted(set(data) - {"accept"})
    entries = data.get("accept", [])
    if unknown or not isinstance(entries, list):
        raise UsageError(
            f"{path} has {', '.join(unknown) or 'an accept that is no list'}.",
            "It may have [[accept]] entries only.",
        )
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, 1))


def _entry(path: Path, number: int, entry: Any) -> Accepted:
    where = f"{path}, entry {number}"
    if not isinstance(entry, dict):
        raise UsageError(f"{where}: it is no table.", "Write it as [[accept]].")
    for key, value in entry.items():
        if key not in _KEYS:
            raise UsageError(f"{where}: unknown key {key!r}.", f"Known: {', '.join(_KEYS)}.")
        wrong = not isinstance(value, _KEYS[key]) or isinstance(value, (bool, datetime))
        if wrong or (key == "at_most" and not value >= 1):
            raise UsageError(
                f"{where}: {key} = {value!r} makes no sense.", "See docs/gating-ci.md."
            )
    for key in ("op", "reason"):
        if not str(entry.get(key, "")).strip():
            raise UsageError(f"{where}: {key} is missing.", "Say which operation, and why.")
    return Accepted(**entry)


def find(entries: Sequence[Accepted], op: str, ratio: float, today: date) -> Accepted | None:
    """The first entry that accepts a slower `op`, None if none does."""
    return next((entry for entry in entries if entry.covers(op, ratio, today)), None)
