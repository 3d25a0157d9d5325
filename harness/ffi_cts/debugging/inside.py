# SPDX-License-Identifier: Apache-2.0
"""The process that a debugger watches: runs one example, in place, and says how that went."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ffi_cts.debugging.example import Place, Plan, run_in_place
from ffi_cts.engine import linux, trace
from ffi_cts.engine.collecting import collect
from ffi_cts.engine.efforts import configure_hypothesis, seed_all
from ffi_cts.engine.judge import Raw
from ffi_cts.engine.plan import Check
from ffi_cts.library.fetch import cache_root
from ffi_cts.subjects.runtime import RuntimeKind


def run(file: Path) -> int:
    """Run the example of a saved plan. Gives 0 if it deviates, as was to be shown."""
    plan = Plan.load(file)
    configure_hypothesis(plan.effort, plan.seed, cache_root() / "hypothesis")
    told: list[Raw] = []

    def loop(checks: list[Check]) -> None:
        (check,) = (each for each in checks if each.id == plan.check)
        seed_all([check], plan.seed)
        if plan.subject.memory is not None:
            linux.limit_address_space(plan.subject.memory)
        raw, _ = run_in_place(
            check.item, plan.subject, plan.example, lambda *at: _before(plan, *at), _only(plan)
        )
        told.append(raw)

    collect(loop, RuntimeKind().fixtures(), only=[plan.check])
    (raw,) = told
    _say(f"the check ends: {raw.outcome}")
    if raw.message:
        _say(raw.message)
    return int(raw.outcome == "pass")


def _only(plan: Plan) -> int:
    return plan.place.example if plan.example.explicit else 0


def _before(plan: Plan, place: Place, call: str) -> None:
    if place != plan.place:
        return
    _say(f"call {place.call} is next: {call}")
    if plan.ask:
        _say(f"attach to process {os.getpid()} now, and press Enter")
        sys.stdin.readline()
    if plan.alarm:
        signal.setitimer(signal.ITIMER_REAL, plan.alarm)
    trace.before_failing_call()


def _say(text: str) -> None:
    sys.stdout.write(f"ffi-cts: {text}\n")
    sys.stdout.flush()
