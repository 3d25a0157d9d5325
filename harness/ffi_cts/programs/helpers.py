# SPDX-License-Identifier: Apache-2.0
"""The suite's own C functions, cut down to what one program needs of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import attrs

_WORD = re.compile(r"[A-Za-z_]\w*")
_FREE = re.compile(r"(?<![.>])\b[A-Za-z_]\w*")
"""Words that are no members of something."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FILES = (
    *("native.h", "team.h", "process.c", "memory.c", "objects.c", "closures.c", "dlpack.c"),
    *("allocator.c", "init_once.c", "team.c", "threads.c"),
)
"""In an order in which each comes after what it uses."""


@attrs.frozen
class Item:
    """A declaration or definition at the top of a C file; ``names`` are what it brings."""

    file: str
    text: str
    names: frozenset[str]
    words: frozenset[str]
    private: bool
    is_function: bool = False


def needed(roots: Iterable[str]) -> list[str]:
    """C text of everything that the functions and types named need, in order."""
    items = _items()
    wanted: list[Item] = []
    pending = [("", name) for name in roots]
    seen: set[tuple[str, str]] = set()
    while pending:
        file, word = pending.pop()
        if (file, word) in seen:
            continue
        seen.add((file, word))
        for item in items:
            if word not in item.names or (item.private and file not in ("", item.file)):
                continue
            if item not in wanted:
                wanted.append(item)
                pending += [(item.file, each) for each in item.words - item.names]
    chosen = [item for item in items if item in wanted]
    texts = [(item, _static(_renamed(item, chosen))) for item in chosen]
    types = [text for item, text in texts if not item.is_function]
    functions = [text for item, text in texts if item.is_function]
    # What shares its name with something else comes along and may not be used.
    unused = "__attribute__((unused));"
    prototypes = [f"{text.partition('{')[0].rstrip()} {unused}" for text in functions]
    return [*types, "\n".join(prototypes), *functions]


def _static(text: str) -> str:
    """A function that nobody else sees."""
    if text.startswith(("static", "typedef", "enum", "struct", "#")) or "(" not in text:
        return text
    return f"static {text}"


def _renamed(item: Item, chosen: list[Item]) -> str:
    """An item's text, with names of its file's own that another file has too made different."""
    text = item.text
    for other in chosen:
        if other.file != item.file or not other.private:
            continue
        for name in other.names:
            if any(
                name in each.names and each.file != item.file and each.private for each in chosen
            ):
                stem = Path(item.file).stem
                text = re.sub(rf"\b{name}\b", f"{stem}_{name}", text)
    return text


@lru_cache(maxsize=1)
def _items() -> list[Item]:
    folder = Path(__file__).parent.parent / "native"
    return [
        item
        for name in _FILES
        for item in _split(name, (folder / name).read_text(encoding="utf-8"))
    ]


def _split(file: str, text: str) -> list[Item]:
    text = _COMMENT.sub("", text)
    found: list[Item | None] = []
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        if not lines and (line.startswith("#include") or not line.strip()):
            continue
        if not lines and line.startswith("#") and not line.startswith("#define"):
            continue
        lines.append(line.rstrip())
        depth += line.count("{") - line.count("}") + line.count("(") - line.count(")")
        ends = line.rstrip().endswith((";", "}")) or (
            lines[0].startswith("#define") and not line.rstrip().endswith("\\")
        )
        if depth == 0 and ends:
            found.append(_item(file, [each for each in lines if each]))
            lines = []
    return [item for item in found if item is not None]


def _item(file: str, lines: list[str]) -> Item | None:
    text = "\n".join(lines)
    head = text.partition("{")[0]
    words = frozenset(_FREE.findall(text))
    private = head.startswith("static") or file.endswith(".c")
    names: set[str] = set()
    if text.startswith("#define"):
        names = {_WORD.findall(text)[1]}
    elif text.startswith(("typedef", "enum", "struct")):
        names = {_WORD.findall(text)[-1]} if text.startswith("typedef") else set()
        if "enum" in head:
            names |= set(re.findall(r"^\s*(\w+)\s*(?:=|,|$)", text.partition("{")[2], re.MULTILINE))
            names |= set(re.findall(r"[{,]\s*(\w+)", text))
        tag = re.match(r"(?:typedef )?(?:struct|enum) (\w+)", text)
        names |= {tag[1]} if tag else set()
    elif "{" not in text and "=" not in text and "(" in text and not head.startswith("static"):
        return None  # a prototype: the definition is there too, and comes first
    else:
        before = head.partition("(")[0] if "(" in head else head.partition("=")[0]
        found = _WORD.findall(re.sub(r"\[.*?\]", "", before.rstrip("; ")))
        names = {found[-1]} if found else set()
        private = head.startswith("static")
    is_function = not text.startswith(("typedef", "enum", "struct", "#")) and "(" in head
    is_function = is_function and "{" in text and "=" not in head
    return Item(file, text, frozenset(names), words, private, is_function)
