# SPDX-License-Identifier: Apache-2.0
"""The verdict as a badge: a small SVG picture, or what shields.io draws one from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from markupsafe import escape

from ffi_cts.report.words import visible
from ffi_cts.results import Report, Verdict

_LABEL = "TVM FFI C ABI"
_COLOURS = {
    Verdict.CONFORMANT: "#1a7f37",
    Verdict.NONCONFORMANT: "#b42318",
    Verdict.INCOMPLETE: "#8a5a00",
}
_HEIGHT = 20
_CHARACTER = 6.6
"""Width that an average character of the font gets; the picture stretches its text to fit."""
_MARGIN = 7


def for_file(path: Path) -> Callable[[Report], str]:
    """What writes the badge of a file: JSON if its name ends in .json, else SVG."""
    return to_json if path.suffix.lower() == ".json" else to_svg


def to_json(report: Report) -> str:
    """The badge as an endpoint of shields.io."""
    data = {
        "schemaVersion": 1,
        "label": _LABEL,
        "message": _message(report),
        "color": _COLOURS[report.verdict],
    }
    return json.dumps(data) + "\n"


def to_svg(report: Report) -> str:
    """The badge as a picture that needs nothing from outside."""
    message = _message(report)
    left, right = (round(len(text) * _CHARACTER) + 2 * _MARGIN for text in (_LABEL, message))
    spoken = escape(f"{_LABEL}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{spoken}"><title>{spoken}</title>'
        f'<path fill="#3d4a57" d="M3 0H{left}V20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3"/>'
        f'<path fill="{_COLOURS[report.verdict]}" '
        f'd="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right - 3}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(_LABEL, _MARGIN, left)}{_text(message, left + _MARGIN, right)}</g></svg>\n"
    )


def _text(text: str, at: int, width: int) -> str:
    return f'<text x="{at}" y="14" textLength="{width - 2 * _MARGIN}">{escape(text)}</text>'


def _message(report: Report) -> str:
    of = ", ".join(report.run.profiles) or "selection"
    return visible(report.verdict.value + (f" ({of})" if report.run.partial else ""))
