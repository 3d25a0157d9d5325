# SPDX-License-Identifier: Apache-2.0
"""Files by which people waive what they know of: TOML tables with a reason each.

Which keys a table has beside `reason`, `link` and `until` is the business of the reader.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from ffi_cts import _toml
from ffi_cts._reading import read_text
from ffi_cts.errors import UsageError

MOST_BYTES = 4 << 20
PLACEHOLDER = "TODO"
"""How a reason or a link begins that a drafted entry still waits for."""
_COMMON = ("reason", "link", "until")


@frozen(kw_only=True)
class Waiver:
    """Why something is waived, and up to which day, inclusive."""

    reason: str
    link: str = ""
    until: date | None = None

    def expired(self, today: date) -> bool:
        """Whether the last day on which it applies is over."""
        return self.until is not None and today > self.until

    @property
    def unfinished(self) -> bool:
        """Whether the entry was drafted, and nobody has said why yet, or where it is tracked."""
        return any(text.lstrip().startswith(PLACEHOLDER) for text in (self.reason, self.link))


@frozen
class Entry:
    """One table of a file. `where` begins messages about it, `place` is where in the file it is."""

    where: str
    table: dict[str, Any]
    place: str = ""

    def wrong(self, what: str, remedy: str) -> UsageError:
        """The error for something wrong in this entry."""
        return UsageError(f"In {self.where}: {what}.", remedy)

    def common(self) -> dict[str, Any]:
        """The fields of a Waiver, by name. Raises UsageError."""
        return {
            "reason": self.text("reason"),
            "link": self.text("link", ""),
            "until": self._until(),
        }

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without a default it must be there and say something. Raises UsageError."""
        value = self.table.get(key, default)
        if value is None:
            raise self.wrong(f"{key} is missing or empty", f'Add {key} = "…".')
        if not isinstance(value, str):
            raise self.wrong(f"{key} = {value!r} is not a string", f'Write {key} = "…".')
        if default is None and not value.strip():
            raise self.wrong(f"{key} is missing or empty", f'Add {key} = "…".')
        return value

    def _until(self) -> date | None:
        value = self.table.get("until")
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(
                f"until = {value!r} is not a date", "Write until = 2027-01-31."
            ) from None


def read(path: Path, what: str, name: str, keys: Collection[str]) -> list[Entry]:
    """Read the tables `[[name]]` of a file.

    `what` names the file in messages; `keys` are those that a table may have beside the common
    ones. Raises UsageError naming the file, the line and the remedy.
    """
    text = read_text(path, what, "Give a TOML file, saved as UTF-8.", MOST_BYTES)
    try:
        data = _toml.loads(text)
    # Of tables in tables in tables the parser runs out of stack.
    except (_toml.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            f"The {what} {path} is not valid TOML: {error}.",
            f'Each entry starts with a line [[{name}]], then has lines such as reason = "…".',
        ) from error
    strange = sorted(set(data) - {name})
    if strange:
        raise UsageError(
            f"The {what} {path} has the unknown key {strange[0]!r} at top level.",
            f"It may hold nothing but [[{name}]] entries.",
        )
    tables = data.get(name, [])
    if not isinstance(tables, list):
        raise UsageError(
            f"In the {what} {path}, {name!r} is not a list of entries.",
            f"Start each entry with [[{name}]] in double brackets.",
        )
    places = _places(name, text, len(tables))
    file = f"the {what} {path}"
    return [
        _entry(file, place, name, table, keys) for place, table in zip(places, tables, strict=True)
    ]


def _places(name: str, text: str, count: int) -> Iterator[str]:
    """Where in the file each entry is."""
    header = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if header.match(line)]
    for index in range(count):
        # The headers can only be trusted if none of them sits in a multi-line string.
        line = f" (line {lines[index]})" if len(lines) == count else ""
        yield f"entry {index + 1}{line}"


def _entry(file: str, place: str, name: str, table: object, keys: Collection[str]) -> Entry:
    where = f"{file}, {place}"
    if not isinstance(table, dict):
        raise Entry(where, {}).wrong("the entry is not a table", f"Start it with [[{name}]].")
    entry = Entry(where, table, place)
    for key in table:
        if key not in (*keys, *_COMMON):
            known = ", ".join((*keys, *_COMMON))
            raise entry.wrong(f"unknown key {key!r}", f"The keys are: {known}.")
    return entry
