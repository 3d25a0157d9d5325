# SPDX-License-Identifier: Apache-2.0
"""State of the child that runs one check: what it judges, and where it leaves breadcrumbs."""

from __future__ import annotations

import time
from collections.abc import Callable

import attrs
import pytest
from hypothesis.errors import UnsatisfiedAssumption

from ffi_cts.engine import observation
from ffi_cts.engine.autopsy import Autopsy, examine
from ffi_cts.engine.child import Limits
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.subject import Subject
from ffi_cts.engine.supervisor import run_alone

_MESSAGE_LIMIT = 20_000


class Nonconformance(AssertionError):
    """The implementation broke a promise. A plain ``assert`` says the same.

    ``calls`` are those of the process that found out, where that was another.
    """

    def __init__(self, message: str, calls: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.calls = calls


class LibraryDied(Exception):
    """The process died or hung under the library while one example ran.

    Not an AssertionError: the report tells a crash from a failed assertion.
    """

    def __init__(self, found: Autopsy, outcome: str, calls: tuple[str, ...]) -> None:
        super().__init__(found.message)
        self.found = found
        self.outcome = outcome
        self.calls = calls


class Undecided(Exception):
    """The machine did not let the check find out, whatever the implementation is like.

    The check is lost, with this reason: neither passed nor failed.
    """


@attrs.frozen
class _Verdict:
    """What became of one example in its grandchild; ``outcome`` is "pass" if nothing."""

    outcome: str
    message: str = ""
    calls: tuple[str, ...] = ()
    found: Autopsy = attrs.field(factory=lambda: Autopsy(""))


@attrs.define
class Context:
    """Set once in each child before its check runs: the ``subject`` that it judges, and how.

    ``fork_examples``: run every example in a grandchild, so that a crash shrinks
    like a failure; ``example_seconds`` bounds each of them, ``shrink_until`` (a
    monotonic time) all of them together. ``trace``: grandchildren write down how they die.
    ``in_place``: run in this process even what may well hang, for a debugger. ``examples`` counts
    them; ``only`` is the number of the one to run, 0 for all.
    """

    subject: Subject
    crumbs: Crumbs | None = None
    fork_examples: bool = False
    example_seconds: float = 2.0
    shrink_until: float = 0.0
    trace: bool = False
    verdicts: dict[str, _Verdict] = attrs.Factory(dict)
    in_place: bool = False
    only: int = 0
    examples: int = 0


_current: Context | None = None


def activate(context: Context) -> None:
    """Make ``context`` the one of this process."""
    global _current  # noqa: PLW0603 (one process, one check: that is what the isolation is for)
    _current = context


def current() -> Context:
    """The context of the running check."""
    if _current is None:
        raise RuntimeError("checks run under `ffi-cts run` or `pytest --ffi-target`")
    return _current


def isolated(example: Callable[[], None], key: str = "", steps: str = "") -> None:
    """Run one example: in place normally, in a grandchild while a crash is being shrunk.

    Args:
        example: the whole example; what it changes in this process may be lost.
        key: the example's arguments; the verdict on them is remembered, so that
            Hypothesis sees a stable failure even when the time for shrinking is up.
        steps: the example in words, where it is not the arguments of the check.

    Raises:
        Nonconformance: the example failed.
        LibraryDied: the grandchild died or hung.
        Undecided: the example could not find out.
    """
    context = current()
    if context.crumbs is not None:
        context.crumbs.begin_example()
    context.examples += 1
    if context.only not in (0, context.examples):
        return
    if not context.fork_examples:
        try:
            example()
        except AssertionError as failure:
            if steps:
                observation.keep_example(failure, steps)
            raise
        return
    if key in context.verdicts:
        verdict = context.verdicts[key]
    elif time.monotonic() > context.shrink_until:
        return  # out of time: the smallest failure known so far stands
    else:
        verdict = context.verdicts[key] = _judge(example, context)
    if verdict.outcome == "lost":
        return  # what is not known is not smaller
    _raise(verdict, steps)


def alone(example: Callable[[], None]) -> None:
    """Run one example in a grandchild of its own with little time: for what may well hang.

    Raises:
        Nonconformance: the example failed.
        LibraryDied: the grandchild died, hung, or took more than ``example_seconds``; or it
            was starved, so that the check is lost.
        Undecided: the example could not find out.
    """
    context = current()
    if context.in_place:
        example()
    else:
        _raise(_judge(example, context))


def _raise(verdict: _Verdict, steps: str = "") -> None:
    if verdict.outcome == "pass":
        return
    if verdict.outcome == "lost":
        raise Undecided(verdict.message)
    error: Exception
    if verdict.outcome == "fail":
        error = Nonconformance(verdict.message, verdict.calls)
    else:
        error = LibraryDied(verdict.found, verdict.outcome, verdict.calls)
    if steps:
        observation.keep_example(error, steps)
    raise error


def _judge(example: Callable[[], None], context: Context) -> _Verdict:
    """Run the example in a grandchild."""

    def body(crumbs: Crumbs) -> bytes:
        context.crumbs = crumbs
        context.fork_examples = False
        try:
            example()
        except AssertionError as failure:
            return b"failed " + observation.of(failure)[:_MESSAGE_LIMIT].encode(
                "utf-8", "backslashreplace"
            )
        except Undecided as why:
            return b"lost " + str(why).encode()
        except (UnsatisfiedAssumption, pytest.skip.Exception):
            return b"passed"  # an example that the library can't be asked is no smaller failure
        return b"passed"

    # The memory is that of this process, which it inherits.
    limits = Limits(context.example_seconds, None, trace=context.trace)
    ending = run_alone(body, limits)
    if ending.result is None:
        outcome = "lost" if ending.lost else "timeout" if ending.timed_out else "crash"
        found = examine(ending, limits.seconds)
        return _Verdict(outcome, found.message, ending.calls, found)
    if ending.result.startswith(b"!"):
        raise RuntimeError(ending.result[1:].decode("utf-8", "replace"))
    word, _, message = ending.result.decode("utf-8", "replace").partition(" ")
    outcomes = {"passed": "pass", "failed": "fail", "lost": "lost"}
    if word not in outcomes:
        damaged = "the process delivered a damaged result"
        return _Verdict("crash", damaged, ending.calls, Autopsy(damaged))
    return _Verdict(outcomes[word], message, ending.calls)
