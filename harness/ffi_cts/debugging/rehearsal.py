# SPDX-License-Identifier: Apache-2.0
"""Finds the example that shows a deviation, and the call before which a debugger stops."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ffi_cts.debugging.example import Counter, Example, Place, Plan, run_in_place, without_blob
from ffi_cts.engine.child import Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.efforts import tell_blobs
from ffi_cts.engine.foreman import run_apart
from ffi_cts.engine.judge import Raw, is_property
from ffi_cts.engine.plan import Check, select
from ffi_cts.engine.scheduler import Timeouts
from ffi_cts.engine.subject import Subject
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.results import DEVIATIONS, CheckResult, Status
from ffi_cts.session import Session


@attrs.frozen
class Found:
    """A deviation as the isolated run has it, and what a process that shows it needs to know."""

    result: CheckResult
    plan: Plan


def find(
    session: Session, wanted: str, then: Callable[[Check, Found], None] = lambda check, found: None
) -> Found:
    """Run the one check that ``wanted`` fits, isolated, and then its example alone.

    ``then`` is called with what was found while the checks are there.

    Raises:
        UsageError: not exactly one check fits, or it does not deviate.
        HarnessError: the deviation does not show when the example runs by itself.
    """
    found: list[Found] = []

    def loop(checks: list[Check]) -> None:
        check = _the_one(session, checks, wanted)
        result = next((result for _, result in session.run([check])), None)
        if result is None:  # a run keeps an interruption to itself, for the sake of its report
            raise KeyboardInterrupt
        if Status(result.raw_outcome) not in DEVIATIONS:
            raise UsageError(*_no_deviation(session, result))
        example = Example.of(result.example)
        place, call = _rehearse(session, check, example, result)
        plan = Plan(
            check=check.id,
            subject=session.found.subject,
            effort=session.options.effort,
            seed=session.options.seed,
            example=example,
            place=place,
            call=call,
        )
        told = attrs.evolve(result, example=without_blob(result.example))
        found.append(Found(told, plan))
        then(check, found[0])

    tell_blobs()
    session.collect(loop)
    return found[0]


def _the_one(session: Session, checks: list[Check], wanted: str) -> Check:
    mine = [check for check in checks if check.kind == session.found.subject.kind]
    try:
        fitting = select(mine, [wanted])
    except UsageError:
        raise UsageError(
            f"{wanted}: no check and no clause has such an id.",
            "`ffi-cts run TARGET` prints the ids of what deviates.",
        ) from None
    if len(fitting) > 1:
        shown = ", ".join(check.id for check in fitting[:_SHOWN])
        more = f" and {len(fitting) - _SHOWN} more" if len(fitting) > _SHOWN else ""
        raise UsageError(
            f"{wanted} fits {len(fitting)} checks, and one is run in a debugger: {shown}{more}.",
            "Name one of them.",
        )
    return fitting[0]


_SHOWN = 20


def _no_deviation(session: Session, result: CheckResult) -> tuple[str, str]:
    if result.status is Status.PASS:
        why = "it passes"
    elif result.status is Status.UNSUPPORTED:
        why = f"it is not possible: {result.message}"
    else:
        why = f"it gave no usable result: {result.message}"
    return (
        f"{result.id} shows no deviation of {session.options.target}: {why}.",
        "`ffi-cts run` lists what deviates; --effort deep or another --seed tries other examples.",
    )


def _rehearse(
    session: Session, check: Check, example: Example, result: CheckResult
) -> tuple[Place, str]:
    """Run the example by itself, and see which call it ends in."""
    counter = Counter()
    subject: Subject = session.found.subject

    def body(crumbs: Crumbs) -> bytes:
        def before(place: Place, call: str) -> None:
            counter.write(place)
            crumbs.begin_example()
            crumbs.enter(call)

        raw, _ = run_in_place(check.item, subject, example, before)
        return raw.encode()

    options = session.options
    timeouts = Timeouts.scaled(options.timeout_scale, options.effort)
    hangs = result.raw_outcome == "timeout" and is_property(check.item) and result.example
    limits = Limits(timeouts.example if hangs else timeouts.check, subject.memory)
    ending = run_apart(body, limits)
    outcome = "died" if ending.died else Raw.decode(ending.result or b"").outcome
    if ending.lost or outcome in ("pass", "lost", "unsupported"):
        raise HarnessError(
            f"{check.id} deviates ({result.raw_outcome}), but not when its example runs by itself "
            "in one process.",
            "It may depend on chance or on time; `--no-debugger` and a debugger of your own may "
            "still catch it: attach to the processes of `ffi-cts run`.",
        )
    return counter.place, ending.calls[-1] if ending.calls else "(none was made)"
