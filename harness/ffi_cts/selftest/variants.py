# SPDX-License-Identifier: Apache-2.0
"""Mutants and benign variants: what their source files say of themselves, and how they are built.

A variant of a runtime is one C file over the reference implementation. It includes the reference
sources that it changes and is linked with all the others. A variant of a library that exchanges
tensors is one Python file over ``mini.py``.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs

from ffi_cts._paths import resource
from ffi_cts.engine.program import run
from ffi_cts.errors import HarnessError, UsageError

_NOTE = re.compile(r"/\*\s*(flaw|oddity|violates):\s*(.*?)\s*\*/", re.DOTALL)
_LINE = re.compile(r"^# (flaw|oddity|violates): (.*)$", re.MULTILINE)
_INCLUDE = re.compile(r'^#include "([a-z_]+)\.c"', re.MULTILINE)
_FLAGS = ("-std=c11", "-D_GNU_SOURCE", "-fvisibility=hidden", "-O1", "-g", "-fPIC")
_COMPILER_SECONDS = 300.0


@attrs.frozen
class Variant:
    """``violates`` is empty for benign variants; ``note`` says what is wrong or odd."""

    name: str
    source: Path
    note: str
    violates: tuple[str, ...]
    replaces: tuple[str, ...]

    @property
    def exchanges(self) -> bool:
        """Whether it is a library that exchanges tensors, and no runtime."""
        return self.source.suffix == ".py"

    @property
    def benign(self) -> bool:
        """Whether it is odd and not wrong."""
        return not self.violates


def read_variant(source: Path) -> Variant:
    """Parse the header comments of a variant's source.

    Raises:
        HarnessError: it says neither a flaw with the clauses violated nor an oddity.
    """
    text = source.read_text(encoding="utf-8")
    pattern = _NOTE if source.suffix == ".c" else _LINE
    notes = {kind: " ".join(words.split()) for kind, words in pattern.findall(text)}
    violates = tuple(notes.get("violates", "").replace(",", " ").split())
    if "oddity" not in notes and not ("flaw" in notes and violates):
        raise HarnessError(
            f"{source.name} says neither `flaw:` and `violates:` nor `oddity:` in its comments"
        )
    return Variant(
        name=source.stem,
        source=source,
        note=notes.get("flaw") or notes["oddity"],
        violates=violates,
        replaces=tuple(_INCLUDE.findall(text)),
    )


def load_variants(root: Path | None = None) -> list[Variant]:
    """Every mutant and benign variant, by name."""
    folders = [root / "tests" / kind if root else _folder(kind) for kind in ("mutants", "benign")]
    return [
        read_variant(source)
        for folder in folders
        if folder is not None and folder.is_dir()
        for source in (*sorted(folder.glob("*.c")), *sorted(folder.glob("exchange/*.py")))
    ]


def _folder(kind: str) -> Path | None:
    try:
        return resource(f"tests/{kind}")
    except FileNotFoundError:
        return None


def compiler() -> str:
    """The C compiler to use.

    Raises:
        UsageError: there is none.
    """
    for name in (os.environ.get("CC"), "cc", "gcc", "clang"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise UsageError(
        "The self-test needs a C compiler, and there is none on the PATH.",
        "Install gcc or clang, or set CC.",
    )


class Builder:
    """Builds variants into a folder, sharing the reference's object files.

    Args:
        folder: where objects and libraries go; the caller removes it.
        jobs: compilers at once.
    """

    def __init__(self, folder: Path, jobs: int) -> None:
        self._folder = folder
        self._jobs = jobs
        self._cc = compiler()
        self._reference = resource("reference_impl")
        self._includes = ("-I", str(resource("include")), "-I", str(self._reference))

    def build(self, variants: Sequence[Variant]) -> dict[str, Path]:
        """Libraries by variant name.

        Raises:
            HarnessError: one does not compile; the message holds the compiler's first lines.
        """
        sources = sorted(self._reference.glob("*.c"))
        with ThreadPoolExecutor(self._jobs) as pool:
            list(pool.map(self._compile, sources))
            return dict(
                zip(
                    (variant.name for variant in variants),
                    pool.map(self._link, variants),
                    strict=True,
                )
            )

    def _compile(self, source: Path) -> None:
        self._call([*_FLAGS, *self._includes, "-c", str(source), "-o", str(self._object(source))])

    def _object(self, source: Path) -> Path:
        return self._folder / f"{source.stem}.o"

    def _link(self, variant: Variant) -> Path:
        library = self._folder / f"{variant.name}.so"
        objects = [
            str(self._object(source))
            for source in sorted(self._reference.glob("*.c"))
            if source.stem not in variant.replaces
        ]
        self._call(
            [
                *(*_FLAGS, "-Werror=implicit-function-declaration", "-shared", "-pthread"),
                *(*self._includes, "-include", "internal.h", str(variant.source), *objects),
                *("-o", str(library)),
            ]
        )
        return library

    def _call(self, arguments: list[str]) -> None:
        ending = run([self._cc, *arguments], seconds=_COMPILER_SECONDS)
        if not ending.succeeded:
            lines = "\n".join(ending.errors.splitlines()[:6]) or str(ending.how)
            raise HarnessError(f"{self._cc} could not build {arguments[-1]}:\n{lines}")
