# SPDX-License-Identifier: Apache-2.0
"""The record of one example: what was made, written, read, called and compared, in order.

Expressions are C text over the names that earlier steps define. A record is a file of lines, each
written before what it tells of happens: the process may die in it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Step:
    """One thing that happened.

    ``kind`` is new (memory under ``name``), set, read, call, came (what the call before it gave:
    it returned), check, or cannot (what C can't say).

    ``c`` is the C statement, for a check its condition, for a call the expression; ``type``
    declares what ``name`` holds. ``text`` is for people. ``helper`` are the suite's own C
    functions that the step needs. ``outcome`` is how a comparison came out, ``frames`` where in
    the suite it was made, ``found`` and ``due`` are its operands.
    """

    kind: str
    c: str = ""
    name: str = ""
    type: str = ""
    text: str = ""
    outcome: bool = True
    found: str = ""
    due: str = ""
    frames: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    library: str = ""


class Writer:
    """Writes steps to a file, those of the latest example only."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)

    def begin(self) -> None:
        """Forget what was written."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)

    def write(self, step: Step) -> None:
        """Write a step."""
        data = attrs.asdict(step, filter=lambda field, value: value != field.default)
        os.write(self._file, json.dumps(data).encode() + b"\n")


def read(file: Path) -> list[Step]:
    """The steps of a file. What a dying process left unfinished is left out."""
    steps = []
    for line in file.read_bytes().splitlines():
        try:
            data: dict[str, Any] = json.loads(line)
        except ValueError:
            break
        for name in ("frames", "helpers"):
            data[name] = tuple(data.get(name, ()))
        steps.append(Step(**data))
    return steps
