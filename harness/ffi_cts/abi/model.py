# SPDX-License-Identifier: Apache-2.0
"""Typed view of ``spec/*.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import attrs

from ffi_cts import _toml
from ffi_cts._paths import resource
from ffi_cts.errors import UsageError

FIRST_RELEASE = "0.1.0"
LEVELS = ("MUST", "SHOULD", "ADVISORY")
KINDS = ("runtime", "exchange")
PROFILES = ("core", "env", "dlpack", "registry", "module", "threads", "hardening", "exchange")

_T = TypeVar("_T")


@attrs.frozen
class EnumValue:
    """One enumerator; ``key`` is the registered type key of a type index."""

    name: str
    value: int
    since: str = FIRST_RELEASE
    key: str = ""
    open: bool = False


@attrs.frozen
class Enum:
    """An enumeration of the C header."""

    name: str
    header: str
    doc: str
    values: tuple[EnumValue, ...]
    underlying: str = ""
    since: str = FIRST_RELEASE


@attrs.frozen
class Constant:
    """A macro of the C header that stands for a number."""

    name: str
    header: str
    value: int
    doc: str
    since: str = FIRST_RELEASE
    open: bool = False


@attrs.frozen
class Field:
    """A struct member; ``union`` members share ``offset`` (bytes from the struct's start)."""

    name: str
    type: str
    offset: int
    since: str = FIRST_RELEASE
    ownership: str = ""
    was: str = ""
    union: tuple[Field, ...] = ()


@attrs.frozen
class Struct:
    """A structure or union of the C header."""

    name: str
    header: str
    doc: str
    size: int
    fields: tuple[Field, ...]
    tag: str = ""
    tag_in_cpp: bool = False
    since: str = FIRST_RELEASE

    def flat_fields(self) -> Iterator[Field]:
        """Fields with the members of anonymous unions in place of the union."""
        for field in self.fields:
            if field.union:
                yield from field.union
            else:
                yield field


@attrs.frozen
class Typedef:
    """A name that the C header gives to a type."""

    name: str
    header: str
    type: str
    doc: str
    before: str = ""


@attrs.frozen
class Argument:
    """A parameter of a C function."""

    name: str
    type: str
    ownership: str = ""
    nullable: bool = False
    lifetime: str = ""


@attrs.frozen
class Function:
    """A function that an implementation exports."""

    name: str
    returns: str
    args: tuple[Argument, ...]
    header: str = "tvm/ffi/c_api.h"
    since: str = FIRST_RELEASE
    result: str = ""
    result_nullable: bool = False


@attrs.frozen
class Abi:
    """Everything that the C headers declare."""

    enums: tuple[Enum, ...]
    constants: tuple[Constant, ...]
    structs: tuple[Struct, ...]
    typedefs: tuple[Typedef, ...]
    functions: tuple[Function, ...]

    def enum(self, name: str) -> Enum:
        """The enumeration of that name."""
        return next(e for e in self.enums if e.name == name)

    def struct(self, name: str) -> Struct:
        """The structure of that name."""
        return next(s for s in self.structs if s.name == name)


@attrs.frozen
class Clause:
    """One numbered requirement; ``kind`` is the kind of subject that it is a promise of.

    ``requires`` names exported functions and features without which the clause
    doesn't apply. ``witness`` is "library" if a wrong library can break the
    clause, "headers" if only an implementer's headers can (no mutant is due).
    """

    id: str
    level: str
    profile: str
    since: str
    text: str
    source: str
    until: str = ""
    requires: tuple[str, ...] = ()
    witness: str = "library"
    disputed: str = ""
    note: str = ""
    kind: str = ""
    file: str = attrs.field(default="", eq=False)


@attrs.frozen
class Spec:
    """The ABI and the clauses, with the hash of their sources."""

    abi: Abi
    clauses: dict[str, Clause]
    sha256: str


def _build(cls: type[_T], raw: dict[str, Any], where: str) -> _T:
    try:
        return cls(**raw)
    except TypeError as error:
        raise UsageError(
            f"{where}: entry {raw.get('name') or raw.get('id') or raw!r} does not fit: {error}",
            hint="compare it with its neighbours in the same file",
        ) from error


def _table(file: Path) -> dict[str, Any]:
    try:
        return _toml.load(file)
    except (OSError, UnicodeDecodeError, _toml.TOMLDecodeError) as error:
        raise UsageError(f"{file.parent.name}/{file.name} can't be read: {error}") from error


def _field(raw: dict[str, Any], where: str) -> Field:
    if "union" in raw:
        members = tuple(
            _build(Field, {**member, "offset": raw["offset"]}, where) for member in raw["union"]
        )
        return Field(name="", type="", offset=raw["offset"], union=members)
    return _build(Field, raw, where)


def load_abi(folder: Path) -> Abi:
    """Structs, constants and functions in folder ``spec/abi``."""
    constants = _table(folder / "constants.toml")
    structs = _table(folder / "structs.toml")
    functions = _table(folder / "functions.toml")
    return Abi(
        enums=tuple(
            _build(
                Enum,
                {**e, "values": tuple(_build(EnumValue, v, "constants.toml") for v in e["values"])},
                "constants.toml",
            )
            for e in constants["enum"]
        ),
        constants=tuple(_build(Constant, c, "constants.toml") for c in constants["constant"]),
        structs=tuple(
            _build(
                Struct,
                {**s, "fields": tuple(_field(f, "structs.toml") for f in s["fields"])},
                "structs.toml",
            )
            for s in structs["struct"]
        ),
        typedefs=tuple(_build(Typedef, t, "structs.toml") for t in structs["typedef"]),
        functions=tuple(
            _build(
                Function,
                {**f, "args": tuple(_build(Argument, a, "functions.toml") for a in f["args"])},
                "functions.toml",
            )
            for f in functions["function"]
        ),
    )


def load_clauses(folder: Path) -> list[Clause]:
    """Every clause in file order, duplicates included: the linter reports those."""
    found = []
    for file in sorted(folder.glob("*.toml")):
        table = _table(file)
        shared = {"kind": table.get("kind", ""), "file": file.name}
        for raw in table.get("clause", []):
            entry = {**shared, **raw, "requires": tuple(raw.get("requires", ()))}
            found.append(_build(Clause, entry, file.name))
    return found


def spec_sha256(root: Path) -> str:
    """Digest of every TOML file of the specification, in path order."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.toml")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def load(root: Path | None = None) -> Spec:
    """The specification in folder ``root`` (default: the one that travels with the suite).

    Raises:
        UsageError: a file is malformed; the message names it and the entry.
    """
    root = root or resource("spec")
    return Spec(
        abi=load_abi(root / "abi"),
        clauses={clause.id: clause for clause in load_clauses(root / "clauses")},
        sha256=spec_sha256(root),
    )
