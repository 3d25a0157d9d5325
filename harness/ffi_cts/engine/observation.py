# SPDX-License-Identifier: Apache-2.0
"""What a failed check has to say: what was seen, what is due, and for which example.

Nothing of Python, pytest or Hypothesis is in it. A check that compares and gives no words for it,
as ``assert closure.deletions == 1`` does, gets a sentence made of its source and of the values.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import attrs
from hypothesis import settings

_LONGEST = 400
_REWRITTEN = re.compile(r"(?:^|\n)assert ")
"""Where pytest's own account of an assertion begins."""

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_NUMBER = re.compile(r"\b(?:[1-9][0-9]{13,14}|0x[0-9a-f]{12})\b")
_MAPPED = (
    range(0x5500_0000_0000, 0x5700_0000_0000),
    range(0x7E00_0000_0000, 0x7FFF_FFFF_0000),
)
"""Where Linux puts what a process maps, somewhere else each time."""

_BOUNDS = {"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
_LIBRARIES = frozenset({"runtime", "second", "values"})
_EXAMPLE = "__ffi_cts_example__"

BEHIND = "\n\nHypothesis:\n"
"""What stands between an example and what Hypothesis says of it, where that is asked for."""

_words: list[tuple[type, Callable[[Any], str | None]]] = []


def say(kind: type, words: Callable[[Any], str | None]) -> None:
    """Have values of a type told by ``words``, or as usual where it gives None.

    For values that hold addresses: these differ from run to run, and tell nothing.
    """
    _words.append((kind, words))


def shown(value: object) -> str:
    """A value in a message, the same in every run."""
    for kind, words in _words:
        text = words(value) if isinstance(value, kind) else None
        if text is not None:
            return text
    if type(value) in (list, tuple):
        inside = [shown(each) for each in value]  # type: ignore[attr-defined]
        if isinstance(value, list):
            return f"[{', '.join(inside)}]"
        return f"({', '.join(inside)}{',' if len(inside) == 1 else ''})"
    if type(value) is dict:
        return "{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Enum):
        return value.name
    if callable(value):
        return str(getattr(value, "__name__", type(value).__name__))
    return _ADDRESS.sub("", repr(value))


def without_addresses(text: str) -> str:
    """``text`` without what no two runs have in common."""
    return _NUMBER.sub(lambda found: _unless_address(found[0]), text)


def _unless_address(number: str) -> str:
    value = int(number, 0)
    return "(an address)" if any(value in part for part in _MAPPED) else number


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def keep_example(error: BaseException, arguments: Mapping[str, object] | str) -> None:
    """Attach what was drawn for the example that ended with ``error``, or its steps."""
    if hasattr(error, _EXAMPLE):
        return
    if not isinstance(arguments, str):
        arguments = "\n".join(f"{name} = {shown(value)}" for name, value in arguments.items())
    setattr(error, _EXAMPLE, arguments)


def notes_of(error: BaseException) -> str:
    """What Hypothesis says of the example, if it was told to say how it is made again."""
    told = settings.default is not None and settings.default.print_blob
    notes = "\n".join(getattr(error, "__notes__", ())) if told else ""
    return f"{BEHIND}{notes}" if notes else ""


def example_of(error: BaseException) -> str:
    """What ``keep_example`` attached."""
    return str(getattr(error, _EXAMPLE, ""))


@attrs.define
class Comparison:
    """The comparison that failed last, as pytest tells it when it explains an assertion."""

    op: str = ""
    left: object = None
    right: object = None

    def remember(self, op: str, left: object, right: object) -> None:
        """Keep it. Returns None, so that pytest goes on as it would."""
        self.op, self.left, self.right = op, left, right


comparison = Comparison()


def of(error: AssertionError) -> str:
    """What a failed check says that ended with ``error``."""
    return sentence(str(error), _source(error.__traceback__))


def sentence(text: str, test: ast.expr | None) -> str:
    """What the assertion of ``test`` says; ``text`` is what pytest made of it, or its own words."""
    rewritten = _REWRITTEN.search(text)
    if rewritten is None and text:
        return text
    words = text[: rewritten.start()] if rewritten else ""
    compared = _compared(test) if rewritten else ""
    if words:
        # A value that has a name was at hand for whoever chose the words.
        told = not isinstance(test, ast.Compare) or isinstance(test.left, ast.Name)
        told = told or _short(comparison.left).strip("b'") in words
        return words if told or comparison.op != "==" or not compared else f"{words}: {compared}"
    if compared:
        return compared
    return f"{_expression(test)} does not hold" if test is not None else "an assertion failed"


def _compared(test: ast.expr | None) -> str:
    """A sentence on the comparison; "" if the assertion is none."""
    if not isinstance(test, ast.Compare) or not comparison.op:
        return ""
    left, right = _short(comparison.left), _short(comparison.right)
    if len(test.ops) > 1:
        return f"{_expression(test)} does not hold: {left} is no {right}"
    what = _expression(test.left)
    found = f"{what} is {left}" if what != left else what
    if comparison.op == "==":
        return f"{found}, where {right} is due"
    if comparison.op in _BOUNDS:
        return f"{found}, where {_BOUNDS[comparison.op]}{right} is due"
    if comparison.op == "in":
        return f"{found}, which is not among {right}"
    return f"{found}, as it must not be"


def _source(trace: TracebackType | None) -> ast.expr | None:
    """What the innermost assertion asserts."""
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return assertion_at(Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno)


def assertion_at(file: Path, line: int) -> ast.expr | None:
    """What is asserted in a line of a file; None if nothing is."""
    return _assertions(file).get(line)


@lru_cache(maxsize=8)
def _assertions(file: Path) -> dict[int, ast.expr]:
    """The tests of the assertions of a file, by each of their lines."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return {}
    return {
        line: node.test
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


class _Plain(ast.NodeTransformer):
    """Leaves out which library is meant, and conversions."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """``runtime.counts`` is ``counts``."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in _LIBRARIES:
            return ast.Name(node.attr)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """``texts(runtime, error)`` is ``texts(error)``; ``int(x)`` is ``x``."""
        node.args = [
            each for each in node.args if not (isinstance(each, ast.Name) and each.id in _LIBRARIES)
        ]
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "int" and len(node.args) == 1:
            return node.args[0]
        return node


def _expression(test: ast.expr) -> str:
    """The text of an expression as a reader wants it."""
    copy = ast.parse(ast.unparse(test), mode="eval")
    return ast.unparse(ast.fix_missing_locations(_Plain().visit(copy)))
