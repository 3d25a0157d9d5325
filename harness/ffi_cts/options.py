# SPDX-License-Identifier: Apache-2.0
"""What a user asks of a run, and what the run tells while it goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from ffi_cts.results import CheckResult
from ffi_cts.subjects import Request


@attrs.frozen(kw_only=True)
class Options:
    """What is to be judged, and how.

    ``against`` is the second implementation of the cross-library checks. ``timeout_scale``
    multiplies every timeout. ``partial`` says that the front end leaves checks out by itself;
    ``strict`` that stale expectations fail the run. After ``maxfail`` deviations that gate, the
    rest is left out; 0 means never. ``shard`` is a part of the selection, (1, 4) the first of four.
    ``libraries`` are judged for how they exchange tensors, in place of the target,
    and ``recipe`` is one more, without an adapter: module and expressions.
    """

    target: str
    only: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    effort: str = "standard"
    seed: int = 0
    jobs: int = 0
    timeout_scale: float = 1.0
    include: Path | None = None
    against: str = "reference"
    partial: bool = False
    strict: bool = False
    maxfail: int = 0
    shard: tuple[int, int] | None = None
    libraries: tuple[str, ...] = ()
    recipe: tuple[str, ...] = ()

    @property
    def parallel(self) -> int:
        """Children at once: as asked, or as many as there are usable cores."""
        return self.jobs or len(os.sched_getaffinity(0))

    @property
    def request(self) -> Request:
        """The part that the kind of subject understands."""
        return Request(
            target=self.target,
            include=self.include,
            against=self.against,
            libraries=self.libraries,
            recipe=self.recipe,
        )

    def command(self, libraries: Sequence[str] = ()) -> list[str]:
        """Start of the command that runs one check again; ``libraries`` are those it needs."""
        words = ["ffi-cts", "run", self.target]
        if self.libraries or self.recipe:
            wanted = libraries or (*self.libraries, *self.recipe[:1])
            words[1:] = ["exchange", *(word for word in wanted if word not in self.recipe[:1])]
            if self.recipe and self.recipe[0] in wanted:
                words += ["--module", self.recipe[0], "--make", self.recipe[1]]
                words += ["--consume", self.recipe[2]]
        words += ["--effort", self.effort]
        if self.seed:
            words += ["--seed", str(self.seed)]
        if self.include is not None:
            words += ["--include", str(self.include)]
        if self.against != "reference":
            words += ["--against", self.against]
        if self.timeout_scale != 1.0:
            words += ["--timeout-scale", f"{self.timeout_scale:g}"]
        return words


@attrs.frozen
class Progress:
    """Callbacks of a run; every one may do nothing."""

    note: Callable[[str], None] = lambda message: None
    planned: Callable[[int], None] = lambda total: None
    result: Callable[[CheckResult], None] = lambda result: None
    tick: Callable[[Sequence[str]], None] = lambda running: None
    finished: Callable[[str, int, int], None] = lambda target, failed, left: None
    """Of several targets one is done, with so many deviations that gate; so many are left."""
