# SPDX-License-Identifier: Apache-2.0
"""Reads pages: what a reader sees, whether the markup is sound, and whether all can use it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote


def text_of(page: str) -> str:
    """What a reader sees, on one line."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    inline = re.sub(r"</?(a|b|bdi|code|small|span|sup|tspan)\b[^>]*>", "", body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inline)).split())


class Markup(HTMLParser):
    """Checks that tags nest, and keeps every tag with its attributes."""

    VOID = frozenset({"meta", "link", "br", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def contained(page: str) -> None:
    """The markup is sound, leads nowhere outside, and lets no script run but its own."""
    tags = Markup(page).tags
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))
    for _, given in tags:
        for name in ("src", "href", "action", "data", "srcset"):
            assert (given.get(name) or "#").startswith(("#", "data:,"))
        if (given.get("href") or "").startswith("#"):
            assert unquote(given["href"] or "")[1:] in ids
        assert not [name for name in given if name.startswith("on")]
    assert set(re.findall(r"url\((.*?)\)", page)) <= {"#hatch"}
    assert "@import" not in page
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert f"default-src 'none'; {policy}" in page
    assert not [tag for tag, _ in tags if tag in {"img", "iframe", "object", "embed", "base"}]


def accessible(page: str) -> None:
    """Everybody can use it: landmarks, headings in order, names, tables that say what they are."""
    tags = Markup(page).tags
    names = [tag for tag, _ in tags]
    given = dict(zip(names, (attributes for _, attributes in tags), strict=True))
    assert given["html"].get("lang")
    assert re.search(r"<title>[^<]+</title>", page)
    assert "width=device-width" in page
    assert "user-scalable" not in page
    for landmark in ("main", "h1", "footer"):
        assert names.count(landmark) == 1, landmark
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings)), headings
    assert names.count("table") == names.count("caption")
    ids = {attributes.get("id") for _, attributes in tags}
    for tag, attributes in tags:
        assert tag != "th" or attributes.get("scope")
        assert tag != "nav" or attributes.get("aria-label")
        assert tag != "svg" or attributes.get("aria-label") or attributes.get("aria-hidden")
        assert int(attributes.get("tabindex") or 0) <= 0
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert attributes.get(name) is None or attributes[name] in ids
    for found in re.finditer(r"<(input|select|textarea)\b", page):
        opened = page.rfind("<label", 0, found.start())
        assert opened > page.rfind("</label>", 0, found.start()), "a field without a label"
        assert re.match(r"<label>\s*(\w|<input)", page[opened:])
    for name in ("a", "button", "summary", "h1", "h2", "h3", "h4", "caption", "th"):
        for content in re.findall(rf"<{name}\b[^>]*>(.*?)</{name}>", page, flags=re.DOTALL):
            assert text_of(content), f"an empty {name}"
    assert names.count("details") == len(re.findall(r"<details\b[^>]*>\s*<summary", page))


def contrasts(
    page: str, fronts: tuple[str, ...], backs: tuple[str, ...], *, dark: bool
) -> dict[tuple[str, str], float]:
    """How well colours of a page stand out, as WCAG counts it; 4.5 is enough for text."""
    style = page[page.index("<style>") : page.index("</style>")]
    colours: dict[str, str] = {}
    blocks = re.findall(r"(prefers-color-scheme: dark\) \{\s*)?:root \{(.*?)\}", style, re.DOTALL)
    for for_dark, block in blocks:
        if dark or not for_dark:
            colours.update(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})\b", block))
    return {
        (front, back): _contrast(colours[front], colours[back])
        for front in fronts
        for back in backs
    }


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
