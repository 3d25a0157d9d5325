# SPDX-License-Identifier: Apache-2.0
"""Runs one example of a deviation once more, and keeps what it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import attrs

from ffi_cts._paths import resource
from ffi_cts.checks.native import ffi, native
from ffi_cts.debugging.example import Place, run_in_place
from ffi_cts.debugging.rehearsal import Found
from ffi_cts.engine import observation
from ffi_cts.engine.child import Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.foreman import run_apart
from ffi_cts.engine.judge import Raw, recorder
from ffi_cts.engine.plan import Check
from ffi_cts.programs import record, standins
from ffi_cts.programs.emit import Account
from ffi_cts.programs.record import Step
from ffi_cts.programs.tracer import Tracer
from ffi_cts.report.words import observation as said
from ffi_cts.session import Session

_SECONDS = 60.0


@attrs.frozen
class Recorded:
    """The steps of the example, and what there is to say of it."""

    steps: list[Step]
    account: Account


def record_example(session: Session, check: Check, found: Found, folder: Path) -> Recorded:
    """Run the example in a process of its own, and give its steps."""
    file = folder / "steps"
    subject, plan = found.plan.subject, found.plan
    conformance = str(resource("conformance").resolve())
    libraries = {str(subject.path): ""}
    companions = tuple((_c_name(each.role), str(each.path)) for each in subject.companions)
    libraries.update({path: name for name, path in companions})

    def body(crumbs: Crumbs) -> bytes:
        tracer = Tracer(ffi, native, file, libraries)
        standins.install(tracer, lambda name: name.startswith(conformance))
        # The real thing begins an example by itself; so does its record.
        begin = Crumbs.begin_example

        def begun(self: Crumbs) -> None:
            begin(self)
            tracer.begin()

        Crumbs.begin_example = begun  # type: ignore[method-assign]

        def before(place: Place, call: str) -> None:
            pass

        only = plan.place.example if plan.example.explicit else 0
        raw, _ = run_in_place(check.item, subject, plan.example, before, only)
        frames, asserting = _failed_at(recorder.exception)
        tracer.paused = False
        tracer.write(Step(kind="ended", frames=frames, found=asserting))
        return raw.encode()

    limits = Limits(found.plan.alarm or _SECONDS, subject.memory)
    ending = run_apart(body, limits)
    steps = record.read(file) if file.exists() else []
    end = "crash" if ending.died and not ending.timed_out else "timeout"
    frames: tuple[str, ...] = ()
    asserting = range(0)
    if steps and steps[-1].kind == "ended":
        last = steps.pop()
        first, _, stop = last.found.partition("-")
        frames, asserting = last.frames, range(int(first), int(stop)) if stop else range(0)
        end = "fail"
        if ending.result is not None and not ending.result.startswith(b"!"):
            end = Raw.decode(ending.result).outcome
        if end not in ("fail", "crash", "timeout"):
            end, frames = "fail", ()
            steps.append(Step(kind="cannot", text="The example ended otherwise when recorded."))
    account = Account(
        check=check.id,
        target=session.options.target,
        library=str(subject.path),
        message=said(found.result),
        example=found.result.example,
        end=end,
        frames=frames,
        asserting=asserting,
        companions=companions,
        sanitizer=_sanitizer(session.files.target.needed),
    )
    return Recorded(steps, account)


def _sanitizer(needed: Sequence[str]) -> str:
    """What the compiler calls the sanitizer that a library needs; "" if none."""
    known = {"libasan.so": "address", "libtsan.so": "thread"}
    return next((known[name] for name in known if any(name in each for each in needed)), "")


def _c_name(role: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in role)


def _failed_at(error: BaseException | None) -> tuple[tuple[str, ...], str]:
    """Places of checks and helpers in a traceback, and the lines of the failed assertion."""
    places: list[str] = []
    asserting = ""
    trace: TracebackType | None = error.__traceback__ if error is not None else None
    while trace is not None:
        code = trace.tb_frame.f_code
        if any(part in code.co_filename for part in ("/conformance/", "/ffi_cts/checks/")):
            places.append(f"{code.co_filename}:{trace.tb_lineno}:{code.co_firstlineno}")
            test = observation.assertion_at(Path(code.co_filename), trace.tb_lineno)
            asserting = ""
            if test is not None:
                asserting = f"{test.lineno}-{(test.end_lineno or test.lineno) + 1}"
        trace = trace.tb_next
    return tuple(places), asserting
