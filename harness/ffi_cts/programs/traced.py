# SPDX-License-Identifier: Apache-2.0
"""Numbers and bytes that know where in memory they were read, and note what they are compared with.

They are ordinary numbers and bytes for everybody else.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from ffi_cts.programs import literals
from ffi_cts.programs.record import Step

_OURS = str(Path(__file__).parent)
"""Frames from here are not those of whoever compares."""

_JUDGES = ("/conformance/", "/ffi_cts/checks/", "<attrs generated")
_PLUMBING = frozenset({"_invoke", "helper"})
_DEEPEST = 40

write: Callable[[Step], None] = lambda step: None  # noqa: E731 (set while something is recorded)


@lru_cache(maxsize=4096)
def _operations(code: CodeType) -> dict[int, str]:
    return {each.offset: each.opname for each in dis.get_instructions(code)}


def _asker() -> FrameType:
    frame = sys._getframe(2)  # noqa: SLF001 (who compares is what this is about)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return frame


def places() -> tuple[str, ...]:
    """Where in checks and their helpers the program is, innermost first."""
    found = []
    frame: FrameType | None = _asker()
    for _ in range(_DEEPEST):
        if frame is None:
            break
        if any(part in frame.f_code.co_filename for part in _JUDGES):
            code = frame.f_code
            found.append(f"{code.co_filename}:{frame.f_lineno}:{code.co_firstlineno}")
        frame = frame.f_back
    return tuple(found)


def judged() -> bool:
    """Whether it is a check that compares, and not a look-up or somebody who makes a message."""
    frame = _asker()
    if not any(part in frame.f_code.co_filename for part in _JUDGES):
        return False
    if frame.f_code.co_name in _PLUMBING:
        return False
    operation = _operations(frame.f_code).get(frame.f_lasti, "")
    return not operation.startswith(("CALL", "BINARY_SUBSCR", "PRECALL", "FORMAT"))


def _operand(value: Any, *, unsigned: bool) -> str:
    text = value.expr if hasattr(value, "expr") else None
    if isinstance(value, float):
        return text or literals.floating(value)
    kind = "uint64_t" if unsigned else "int64_t"
    return f"({kind}){text}" if text else literals.integer(int(value))


def _compare(left: Any, op: str, right: Any, outcome: bool) -> bool:
    if judged():
        numbers = isinstance(left, int) and isinstance(right, int)
        unsigned = numbers and max(int(left), int(right)) >= 2**63
        if unsigned and min(int(left), int(right)) < 0:
            return outcome
        condition = f"{_operand(left, unsigned=unsigned)} {op} {_operand(right, unsigned=unsigned)}"
        write(
            Step(
                kind="check",
                c=condition,
                outcome=outcome,
                found=getattr(left, "expr", ""),
                due=f"{op} {_plain(right)}",
                type="double" if not numbers else "unsigned" if unsigned else "signed",
                frames=places(),
            )
        )
    return outcome


def assume(value: Any) -> None:
    """Note that what follows hangs on this very number."""
    if isinstance(value, TracedInt):
        number = int(value.real)
        unsigned = number >= 2**63
        kind = "uint64_t" if unsigned else "int64_t"
        condition = f"({kind}){value.expr} == {literals.integer(number)}"
        write(
            Step(
                kind="check",
                c=condition,
                found=value.expr,
                due=f"== {number}",
                type="exact",
                frames=places(),
            )
        )


def _plain(value: Any) -> str:
    return repr(float(value)) if isinstance(value, float) else str(int(value))


def _comparison(name: str, op: str) -> Any:
    def compare(self: Any, other: Any) -> Any:
        base = float if isinstance(self, float) else int
        outcome = getattr(base, name)(self, other)
        if outcome is NotImplemented and isinstance(other, int | float):
            outcome = getattr(float, name)(float(self), float(other))
        if outcome is NotImplemented or not isinstance(other, int | float):
            return outcome
        return _compare(self, op, other, bool(outcome))

    return compare


def _arithmetic(name: str, op: str, *, reflected: bool = False) -> Any:
    def calculate(self: Any, other: Any) -> Any:
        base = float if isinstance(self, float) else int
        value = getattr(base, name)(self, other)
        if value is NotImplemented or isinstance(value, bool):
            return value
        if op == "%" and not reflected and other == 2**64:
            return TracedInt(value, self.expr)  # what unsigned arithmetic does by itself
        if isinstance(value, int) and not -(2**63) <= value < 2**64:
            # On its way to a remainder it may be too large for C; the remainder is right again.
            return TracedInt(value, _joined(self, op, other, reflected))
        return _of(value, _joined(self, op, other, reflected))

    return calculate


def _joined(one: Any, op: str, other: Any, reflected: bool) -> str:
    left, right = (other, one) if reflected else (one, other)
    if op == "/":
        return f"((double){_term(left)} / (double){_term(right)})"
    return f"({_term(left)} {op} {_term(right)})"


def _term(value: Any) -> str:
    if hasattr(value, "expr"):
        return str(value.expr)
    return literals.floating(value) if isinstance(value, float) else literals.integer(value)


def _of(value: Any, expr: str) -> Any:
    return TracedFloat(value, expr) if isinstance(value, float) else TracedInt(value, expr)


class TracedInt(int):
    """A number that was read as the C expression ``expr``."""

    expr: str

    def __new__(cls, value: int, expr: str) -> TracedInt:
        """Wrap a number."""
        self = super().__new__(cls, value)
        self.expr = expr
        return self

    __hash__ = int.__hash__
    __eq__ = _comparison("__eq__", "==")
    __ne__ = _comparison("__ne__", "!=")
    __lt__ = _comparison("__lt__", "<")
    __le__ = _comparison("__le__", "<=")
    __gt__ = _comparison("__gt__", ">")
    __ge__ = _comparison("__ge__", ">=")
    __and__ = _arithmetic("__and__", "&")
    __or__ = _arithmetic("__or__", "|")
    __rshift__ = _arithmetic("__rshift__", ">>")
    __add__ = _arithmetic("__add__", "+")
    __radd__ = _arithmetic("__radd__", "+", reflected=True)
    __sub__ = _arithmetic("__sub__", "-")
    __rsub__ = _arithmetic("__rsub__", "-", reflected=True)
    __mul__ = _arithmetic("__mul__", "*")
    __rmul__ = _arithmetic("__rmul__", "*", reflected=True)
    __mod__ = _arithmetic("__mod__", "%")
    __truediv__ = _arithmetic("__truediv__", "/")

    def __bool__(self) -> bool:
        """Whether it is not 0."""
        return _compare(self, "!=", 0, int.__bool__(self))

    def __repr__(self) -> str:
        """As any number."""
        return int.__repr__(self)

    __str__ = __repr__


class TracedFloat(float):
    """The same with a fraction."""

    expr: str

    def __new__(cls, value: float, expr: str) -> TracedFloat:
        """Wrap a number."""
        self = super().__new__(cls, value)
        self.expr = expr
        return self

    __hash__ = float.__hash__
    __eq__ = _comparison("__eq__", "==")
    __ne__ = _comparison("__ne__", "!=")
    __lt__ = _comparison("__lt__", "<")
    __le__ = _comparison("__le__", "<=")
    __gt__ = _comparison("__gt__", ">")
    __ge__ = _comparison("__ge__", ">=")
    __truediv__ = _arithmetic("__truediv__", "/")

    def __repr__(self) -> str:
        """As any number."""
        return float.__repr__(self)

    __str__ = __repr__


class TracedBytes(bytes):
    """Bytes that were read from the C expression ``expr``, a pointer; ``size`` is one, or ""."""

    expr: str
    size: str

    def __new__(cls, value: bytes, expr: str, size: str = "") -> TracedBytes:
        """Wrap bytes."""
        self = super().__new__(cls, value)
        self.expr, self.size = expr, size
        return self

    __hash__ = bytes.__hash__

    def __eq__(self, other: object) -> bool:
        """Compare the contents."""
        outcome = bytes.__eq__(self, other)
        if outcome is NotImplemented or not isinstance(other, bytes) or not judged():
            return outcome
        frames = places()

        def note(condition: str, outcome: bool, due: str) -> None:
            write(
                Step(
                    kind="check", c=condition, outcome=outcome, due=due, type="bytes", frames=frames
                )
            )

        same_size = len(self) == len(other)
        if not same_size or self.size or getattr(other, "size", ""):
            note(_same_size(self, other), same_size, f"== {len(other)} bytes")
        if same_size:
            note(
                f"memcmp({self.expr}, {_content(other)}, {len(self)}) == 0",
                outcome,
                f"== {bytes(other)[:60]!r}",
            )
        return outcome

    def _is_needed(self) -> None:
        """Note that what follows is made of these very bytes."""
        frames, due = places(), f"== {bytes(self)[:60]!r}"
        conditions = [f"memcmp({self.expr}, {literals.string(self)}, {len(self)}) == 0"]
        if self.size:
            conditions.insert(0, f"(uint64_t){self.size} == {len(self)}u")
        for condition in conditions:
            write(Step(kind="check", c=condition, due=due, type="bytes", frames=frames))

    def __add__(self, other: Any) -> bytes:
        """The bytes with others behind them."""
        self._is_needed()
        return bytes.__add__(self, other)

    def __radd__(self, other: Any) -> bytes:
        """The bytes with others before them."""
        self._is_needed()
        return bytes(other) + bytes(memoryview(self))

    def __ne__(self, other: object) -> bool:
        """Compare the contents."""
        outcome = self.__eq__(other)
        return outcome if outcome is NotImplemented else not outcome

    def __getitem__(self, key: Any) -> Any:
        """A part, which was read from there too."""
        part = bytes.__getitem__(self, key)
        if isinstance(key, slice):
            start, _, step = key.indices(len(self))
            return TracedBytes(part, f"({self.expr} + {start})") if step == 1 else part
        return TracedInt(part, f"(unsigned char)({self.expr})[{key % len(self)}]")


def _content(value: bytes) -> str:
    return value.expr if isinstance(value, TracedBytes) else literals.string(value)


def _same_size(one: bytes, other: bytes) -> str:
    sizes = [getattr(each, "size", None) or str(len(each)) for each in (one, other)]
    return f"(uint64_t){sizes[0]} == (uint64_t){sizes[1]}"
