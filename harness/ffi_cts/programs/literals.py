# SPDX-License-Identifier: Apache-2.0
"""C literals."""

from __future__ import annotations

import math

_LINE = 72
_ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("?"): "\\?"}


def integer(value: int) -> str:
    """A number of any of the 64-bit types."""
    if value == -(2**63):
        return "INT64_MIN"
    if abs(value) >= 2**63:
        return f"{hex(value)}u"
    if abs(value) > 2**31 - 1:
        return f"INT64_C({value})"
    return str(value)


def floating(value: float) -> str:
    """A double."""
    if math.isnan(value):
        return "(double)NAN"
    if math.isinf(value):
        return "(double)INFINITY" if value > 0 else "-(double)INFINITY"
    return repr(value)


def string(content: bytes, indent: str = "    ") -> str:
    """A string literal, over several lines if it is long."""
    lines, line = [], ""
    for byte in content:
        line += _character(byte)
        if len(line) >= _LINE:
            lines.append(line)
            line = ""
    lines += [line] if line or not lines else []
    return f"\n{indent}".join(f'"{each}"' for each in lines)


def _character(byte: int) -> str:
    if byte in _ESCAPES:
        return _ESCAPES[byte]
    # Three digits always: a digit may follow.
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def comment(text: str) -> str:
    """Text that may stand in a comment."""
    return text.replace("*/", "* /").replace("/*", "/ *").replace("\\\n", "\\ \n")
