# SPDX-License-Identifier: Apache-2.0
"""Steps that repeat become a loop: what a check does a thousand times is there once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from ffi_cts.programs.record import Step

_NUMBER = re.compile(r"(?<=[A-Za-z_])\d+\b|#\d+")
_WORD = re.compile(r"[A-Za-z_]\w*")
_LONGEST = 48
_FEWEST = 6


@attrs.frozen
class Loop:
    """Steps, and how often they are carried out."""

    steps: list[Step]
    turns: int


def rolled(steps: Sequence[Step]) -> Iterator[Loop]:
    """The same steps, with repetitions as loops; what stands alone has one turn."""
    keys = [_NUMBER.sub("", f"{step.kind}|{step.c}|{step.outcome}") for step in steps]
    at = 0
    while at < len(steps):
        size, turns = _repeats(steps, keys, at)
        yield Loop(list(steps[at : at + size]), turns)
        at += size * turns


def _repeats(steps: Sequence[Step], keys: Sequence[str], at: int) -> tuple[int, int]:
    """How many steps from ``at`` on repeat at once, and how often: (1, 1) if none do."""
    for size in range(1, min(_LONGEST, (len(steps) - at) // _FEWEST) + 1):
        turns = 1
        block = keys[at : at + size]
        while keys[at + turns * size : at + (turns + 1) * size] == block:
            turns += 1
        if turns >= _FEWEST and any(step.kind == "call" for step in steps[at : at + size]):
            turns = _alike(steps, at, size, turns)
            if turns >= _FEWEST:
                return size, turns
    return 1, 1


def _alike(steps: Sequence[Step], at: int, size: int, turns: int) -> int:
    """How many turns do the very same, each with variables of its own that nobody else uses."""
    first = steps[at : at + size]
    told = [_told(step, {}) for step in first]
    for turn in range(1, turns):
        these = steps[at + turn * size : at + (turn + 1) * size]
        names = {mine.name: its.name for mine, its in zip(these, first, strict=True) if mine.name}
        if [_told(step, names) for step in these] != told:
            turns = turn
            break
    while turns >= _FEWEST:
        inside = steps[at : at + turns * size]
        made = {step.name for step in inside if step.kind in ("new", "read", "call")} - {""}
        rest = steps[at + turns * size :]
        if not any(made & set(_WORD.findall(step.c)) for step in rest):
            return turns
        turns -= 1
    return 1


def _told(step: Step, names: dict[str, str]) -> tuple[str, ...]:
    def renamed(text: str) -> str:
        return _WORD.sub(lambda word: names.get(word[0], word[0]), text)

    return step.kind, renamed(step.c), renamed(step.name), renamed(step.type), str(step.outcome)
