# SPDX-License-Identifier: Apache-2.0
"""Prints one entry of the specification for people."""

from __future__ import annotations

import difflib

from ffi_cts.abi.generate import declare
from ffi_cts.abi.layout import LayoutEngine
from ffi_cts.abi.model import (
    FIRST_RELEASE,
    Clause,
    Constant,
    Enum,
    Function,
    Spec,
    Struct,
    Typedef,
    load,
)
from ffi_cts.errors import UsageError


def show(name: str, pointer_width: int = 8) -> str:
    """Text about the clause, struct, enum, constant, type or function ``name``.

    Raises:
        UsageError: there is none; the message names similar ones.
    """
    spec = load()
    known: dict[str, Clause | Struct | Enum | Constant | Typedef | Function] = {
        **spec.clauses,
        **{s.name: s for s in spec.abi.structs},
        **{e.name: e for e in spec.abi.enums},
        **{v.name: e for e in spec.abi.enums for v in e.values},
        **{c.name: c for c in spec.abi.constants},
        **{t.name: t for t in spec.abi.typedefs},
        **{f.name: f for f in spec.abi.functions},
    }
    entry = known.get(name)
    if entry is None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        raise UsageError(
            f"The specification has no {name!r}.",
            f"Did you mean {', '.join(near)}?" if near else "`ffi-cts spec list` prints clauses.",
        )
    if isinstance(entry, Clause):
        return _clause(entry)
    if isinstance(entry, Struct):
        return _struct(spec, entry, pointer_width)
    if isinstance(entry, Enum):
        return "\n".join(
            [f"{entry.name} ({entry.header}, since {entry.since}): {entry.doc}"]
            + [f"  {v.value:6} {v.name}  since {v.since}" for v in entry.values]
        )
    if isinstance(entry, Constant):
        return f"{entry.name} = {entry.value} ({entry.header}, since {entry.since}): {entry.doc}"
    if isinstance(entry, Typedef):
        return f"{declare(entry.type, entry.name)} ({entry.header}): {entry.doc}"
    return _function(entry)


def _clause(clause: Clause) -> str:
    lines = [
        f"{clause.id}  {clause.level}, profile {clause.profile}, since {clause.since}",
        f"  {clause.text}",
        f"  source: {clause.source}",
    ]
    if clause.requires:
        lines.append(f"  needs: {', '.join(clause.requires)}")
    for label, text in (("note", clause.note), ("disputed", clause.disputed)):
        if text:
            lines.append(f"  {label}: {text}")
    return "\n".join(lines)


def _struct(spec: Spec, struct: Struct, pointer_width: int) -> str:
    layout = LayoutEngine(spec.abi, pointer_width).layout(struct)
    lines = [
        f"{struct.name} ({struct.header}, since {struct.since}): {struct.doc}",
        f"  size {layout.size}, alignment {layout.alignment} bytes, pointers of {pointer_width}",
    ]
    for field in struct.flat_fields():
        notes = [field.ownership] if field.ownership else []
        if field.since != FIRST_RELEASE:
            notes.append(f"since {field.since}")
        extra = f"  ({', '.join(notes)})" if notes else ""
        declaration = declare(field.type, field.name)
        lines.append(f"  {layout.offsets[field.name]:4}  {declaration}{extra}")
    return "\n".join(lines)


def _function(function: Function) -> str:
    arguments = ", ".join(declare(a.type, a.name) for a in function.args) or "void"
    lines = [
        f"{declare(function.returns, function.name)}({arguments});",
        f"  {function.header}, since {function.since}",
    ]
    for arg in function.args:
        words = [w for w in (arg.ownership, "may be NULL" if arg.nullable else "") if w]
        if words:
            lines.append(f"  {arg.name}: {', '.join(words)}")
    if function.result:
        nullable = ", may be NULL" if function.result_nullable else ""
        lines.append(f"  returns: {function.result}{nullable}")
    return "\n".join(lines)
