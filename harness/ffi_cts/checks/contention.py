# SPDX-License-Identifier: Apache-2.0
"""Threads that use an implementation at the same time, until it is shown that they did."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from ffi_cts.checks.native import CData, ffi
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine.context import Undecided, current

_NEVER_TOGETHER = (
    "the machine never ran two threads at once for long enough: {seen} of {wanted} overlaps "
    "within {seconds:g} s"
)


@attrs.define
class Team:
    """What one round of ``contention`` gets: it runs a C helper with several threads."""

    runtime: Runtime
    order: CData
    overlaps: int = 0

    def run(
        self,
        helper: str,
        *args: Any,
        threads: int = 2,
        steps: int = 0,
        library: Runtime | None = None,
    ) -> int:
        """Run a helper of native.h that takes a ``cts_team*``; returns its mismatches.

        With ``steps``, the threads take so many steps together; else they go on until each has
        overlapped with another often enough for this round. ``library`` is what they use, if not
        the one under test.

        Raises:
            Undecided: a thread could not be started.
        """
        order = self.order
        order.threads, order.steps = threads, steps
        used = library or self.runtime
        mismatches = int(used.helper(helper, used.api, order, *args))
        self.overlaps += int(order.overlaps)
        return mismatches

    def run_each(
        self,
        helper: str,
        objects: Sequence[CData],
        threads: int = 2,
        library: Runtime | None = None,
    ) -> int:
        """``run`` for a helper that takes one object for each step."""
        array = ffi.new("TVMFFIObjectHandle[]", list(objects))
        return self.run(helper, array, threads=threads, steps=len(objects), library=library)


def contention(runtime: Runtime, *, rounds: int = 5, overlaps: int = 150) -> Iterator[Team]:
    """Give the rounds of a check that looks for races, each with a team.

    At least ``rounds`` of them, since one can end well by accident, and more until the threads
    have overlapped ``overlaps`` times. A round that fails ends the check as a failure.

    Raises:
        Undecided: the time is up and they have not. Two cores of their own overlap 50,000 times
            a second; a single overlap shows a count that is not atomic, 95 times of 100.
    """
    seconds = 4 * current().example_seconds
    until = time.monotonic() + seconds
    order = runtime.keep(ffi.new("cts_team*", {"wanted": -(-overlaps // rounds)}))
    team = Team(runtime, order)
    done = 0
    while done < rounds or team.overlaps < overlaps:
        order.seconds = until - time.monotonic()
        if order.seconds <= 0:
            raise Undecided(
                _NEVER_TOGETHER.format(seen=team.overlaps, wanted=overlaps, seconds=seconds)
            )
        yield team
        done += 1
