# SPDX-License-Identifier: Apache-2.0
"""The child's part: runs one pytest item in this process and says how it went."""

from __future__ import annotations

import functools
import gc
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis.errors import Unsatisfiable

from ffi_cts.engine import linux, observation
from ffi_cts.engine.borrowed import explain_with, run_item
from ffi_cts.engine.child import Limits
from ffi_cts.engine.context import Context, LibraryDied, Undecided, activate, isolated
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.observation import comparison, example_of, keep_example
from ffi_cts.engine.sanitizers import leak_check
from ffi_cts.engine.supervisor import run_alone

OUT_OF_MEMORY = "no memory is left of what the process may use"
_WRAPPED = "__ffi_cts_wrapped__"
MESSAGE_LIMIT = 20_000
KEPT_CALLS = 40
KEPT_FRAMES = 100
_CALL_LIMIT = 2000
_OUTCOMES = frozenset({"pass", "fail", "crash", "timeout", "unsupported", "lost", "error"})


@attrs.frozen
class Raw:
    """Outcome of a check before levels and expectations.

    It is pass, fail, crash, timeout, unsupported, lost or error. ``fault`` and ``stack`` say more
    of a death; see autopsy.py.
    """

    outcome: str
    message: str = ""
    example: str = ""
    calls: tuple[str, ...] = ()
    in_call: str = ""
    fault: str = ""
    stack: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """What the child delivers: never more than fits, so texts are cut."""
        cut = {
            "outcome": self.outcome,
            "message": _cut(self.message),
            "example": _cut(self.example),
            "calls": [_cut(call, _CALL_LIMIT) for call in self.calls[-KEPT_CALLS:]],
            "in_call": _cut(self.in_call, _CALL_LIMIT),
            "fault": _cut(self.fault, _CALL_LIMIT),
            "stack": [_cut(frame, _CALL_LIMIT) for frame in self.stack[:KEPT_FRAMES]],
        }
        return json.dumps(cut, ensure_ascii=False).encode("utf-8", "backslashreplace")

    @classmethod
    def decode(cls, data: bytes) -> Raw:
        """Read what a child delivered, which a library may have scribbled on.

        Raises:
            ValueError: it is damaged.
        """
        try:
            raw = json.loads(data)
        except RecursionError as error:
            raise ValueError("nested without end") from error
        if not isinstance(raw, dict) or set(raw) != {field.name for field in attrs.fields(cls)}:
            raise ValueError("not the fields of a result")
        lists = [raw.pop("calls"), raw.pop("stack")]
        texts = [*raw.values()]
        for each in lists:
            texts += each if isinstance(each, list) else [None]
        if not all(isinstance(text, str) for text in texts) or raw["outcome"] not in _OUTCOMES:
            raise ValueError("not the values of a result")
        return cls(calls=tuple(lists[0]), stack=tuple(lists[1]), **raw)


def _cut(text: str, limit: int = MESSAGE_LIMIT) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


class Recorder:
    """Plugin that keeps the first exception of setup, call or teardown.

    Registered in the parent, because registering costs a child a tenth of its time.
    """

    exception: BaseException | None = None
    item: pytest.Function | None = None
    """The check that runs."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """Keep the exception, if it is the first."""
        if call.excinfo is not None and self.exception is None:
            self.exception = call.excinfo.value


recorder = Recorder()


def is_property(item: pytest.Function) -> bool:
    """Whether the check runs many examples that can be run one by one in grandchildren."""
    return hasattr(item.obj, "hypothesis") or hasattr(item.obj, "__ffi_cts_stateful__")


def _wrap_examples(item: pytest.Function) -> None:
    """Have every Hypothesis example go through ``isolated``."""
    handle = getattr(item.obj, "hypothesis", None)
    if handle is None or hasattr(handle.inner_test, _WRAPPED):
        return  # parametrised checks share one function
    inner = handle.inner_test

    @functools.wraps(inner)
    def example(*args: Any, **kwargs: Any) -> None:
        try:
            isolated(lambda: inner(*args, **kwargs), key=repr((args, sorted(kwargs.items()))))
        except (AssertionError, LibraryDied, Undecided, MemoryError) as error:
            keep_example(error, _drawn(kwargs))
            raise

    setattr(example, _WRAPPED, True)
    handle.inner_test = example


def _drawn(arguments: dict[str, Any]) -> dict[str, Any]:
    """Of the arguments of a check those that Hypothesis drew."""
    given = recorder.item.funcargs if recorder.item is not None else {}
    return {name: value for name, value in arguments.items() if name not in given}


def carry_out(item: pytest.Function, context: Context, crumbs: Crumbs) -> Raw:
    """Run ``item`` under ``context``, in this process. Leaks are not looked for."""
    context.crumbs = crumbs
    activate(context)
    linux.fill_memory()
    _wrap_examples(item)
    recorder.exception, recorder.item = None, item
    explain_with(comparison.remember)
    run_item(item)
    if recorder.exception is None:
        return Raw("pass")
    return _classify(recorder.exception, crumbs)


def leaked() -> Raw | None:
    """A failure if LeakSanitizer watches and finds memory that nothing points to any more.

    It is asked in a copy of this process, because it crashes now and then, whatever the check
    does. The check then stands without its answer: it says nothing about the library.
    """
    check = leak_check()
    if check is None:
        return None
    gc.collect()
    ending = run_alone(lambda crumbs: b"leak" if check() else b"clean", Limits(60.0, None))
    if ending.result != b"leak":
        return None
    sys.stderr.write(ending.output)
    return Raw("fail", "LeakSanitizer finds leaked memory; its report is in the output")


def _classify(error: BaseException, crumbs: Crumbs) -> Raw:
    leaves = list(_leaves(error))
    elsewhere = (getattr(leaf, "calls", ()) for leaf in leaves)
    calls: tuple[str, ...] = next(filter(None, elsewhere), crumbs.calls)
    examples = dict.fromkeys(example_of(leaf) for leaf in leaves)
    example = observation.without_addresses("\n\n".join(text for text in examples if text))
    example += observation.notes_of(error)
    died = next((leaf for leaf in leaves if isinstance(leaf, LibraryDied)), None)
    if died is not None:
        last = died.calls[-1] if died.calls else ""
        found = died.found
        return Raw(died.outcome, str(died), example, died.calls, last, found.fault, found.stack)
    if any(isinstance(leaf, MemoryError) for leaf in leaves):
        # The suite needs little: it is the library that used up the address space.
        return Raw("crash", OUT_OF_MEMORY, example, calls, calls[-1] if calls else "")
    if isinstance(error, Unsatisfiable):
        return Raw("unsupported", "the library can't do what any of the examples wants")
    if isinstance(error, pytest.skip.Exception):
        return Raw("unsupported", str(error))
    undecided = [leaf for leaf in leaves if isinstance(leaf, Undecided)]
    if undecided and not any(isinstance(leaf, AssertionError) for leaf in leaves):
        return Raw("lost", str(undecided[0]))
    message = "\n".join(_describe(leaf) for leaf in leaves)[:MESSAGE_LIMIT]
    outcome = "fail" if all(isinstance(leaf, AssertionError) for leaf in leaves) else "error"
    return Raw(outcome, message, example, calls, calls[-1] if calls else "")


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions inside of groups: Hypothesis reports flaky failures as a group."""
    inner = getattr(error, "exceptions", None)
    if isinstance(inner, tuple | list):
        for each in inner:
            yield from _leaves(each)
    else:
        yield error


def _describe(error: BaseException) -> str:
    """Message and place of a failure: the deepest frame that is in a check."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "conformance" in path.parts:
            place = f"{path.parent.name}/{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    if isinstance(error, AssertionError):
        text = observation.of(error)
    else:
        text = f"{type(error).__name__}: {error}"
    return observation.without_addresses(text) + (f"\nat {place}" if place else "")


def shrinking(context: Context, seconds: float) -> Context:
    """``context`` for a second run in which every example has a grandchild of its own."""
    return attrs.evolve(
        context,
        fork_examples=True,
        trace=True,
        shrink_until=time.monotonic() + seconds,
        verdicts={},
    )
