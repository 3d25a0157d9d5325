# SPDX-License-Identifier: Apache-2.0
"""What every HTML page shares: its skeleton, its look, and that no foreign text acts in it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ffi_cts.report.words import count, visible

_TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment(folder: Path, style: str, script: str) -> Environment:
    """The templates of a page, which extend ``base.html`` and may import ``shared.html``.

    ``style`` and ``script`` are the page's own files in ``folder``; the style follows the one of
    all pages. Names and messages come from foreign libraries and command lines: each is made
    visible and escaped on its way into the page, and the page's policy lets no script run but
    its own. A page needs nothing from outside, and can be encoded as UTF-8.
    """
    made = Environment(
        loader=FileSystemLoader([folder, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    code = (folder / script).read_text(encoding="utf-8")
    looks = [(place / name) for place, name in ((_TEMPLATES, "base.css"), (folder, style))]
    made.filters["prose"] = _prose
    made.globals.update(
        style="".join(file.read_text(encoding="utf-8") for file in looks),
        script=code,
        script_hash=base64.b64encode(hashlib.sha256(code.encode()).digest()).decode(),
        count=count,
    )
    return made


def _prose(text: str) -> Markup:
    """Foreign text between two tags, where quotes are harmless: much of it is quoted bytes."""
    return Markup(str(escape(visible(text))).replace("&#39;", "'").replace("&#34;", '"'))  # noqa: S704


def _harmless(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
