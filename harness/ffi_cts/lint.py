# SPDX-License-Identifier: Apache-2.0
"""Joins spec, generated files, checks and mutants, and reports every hole."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ffi_cts._paths import checkout, resource
from ffi_cts.abi.generate import (
    DECLARATIONS,
    NATIVE,
    declarations_digest,
    declarations_module,
    declare,
    outputs,
)
from ffi_cts.abi.layout import LayoutEngine
from ffi_cts.abi.model import KINDS, LEVELS, PROFILES, Abi, Clause, load_abi, load_clauses
from ffi_cts.errors import FfiCtsError, UsageError
from ffi_cts.selftest.variants import Variant, load_variants

_ID = re.compile(r"[A-Z]+(-[A-Z0-9]+)+-\d{2}")


def _root() -> Path:
    return checkout() or resource("spec").parent


def stale_outputs(root: Path | None = None, abi: Abi | None = None) -> list[Path]:
    """Generated files whose text differs from what the specification gives."""
    root = root or _root()
    abi = abi or load_abi(root / "spec" / "abi")
    stale = [path for path, text in outputs(abi).items() if _read(root / path) != text]
    native = _read(root / NATIVE)
    if native and declarations_digest(abi, native) not in _read(root / DECLARATIONS)[:400]:
        stale.append(DECLARATIONS)
    return stale


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write_outputs() -> list[Path]:
    """Write the generated files into the checkout.

    Raises:
        UsageError: this is no checkout.
    """
    root = checkout()
    if root is None:
        raise UsageError(
            "`spec generate` writes into a source checkout, and this is an installed package.",
            "Run it from a clone: PYTHONPATH=harness python -m ffi_cts spec generate",
        )
    abi = load_abi(root / "spec" / "abi")
    written = {**outputs(abi), DECLARATIONS: declarations_module(abi, _read(root / NATIVE))}
    for path, text in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return list(written)


def lint(root: Path | None = None) -> tuple[list[str], str]:
    """Every problem found, and a count of what was looked at."""
    root = root or _root()
    try:
        abi = load_abi(root / "spec" / "abi")
        clauses = load_clauses(root / "spec" / "clauses")
        variants = load_variants(root)
        judged = dict(_checks(root / "conformance"))
    except (FfiCtsError, OSError, UnicodeDecodeError, SyntaxError) as error:
        return [str(error)], "not all could be read"
    problems = [
        *_clause_problems(clauses, abi),
        *_join_problems(clauses, judged),
        *_mutant_problems(clauses, variants),
        *(f"{path} is out of date: run `ffi-cts spec generate`" for path in stale_outputs(root)),
        *_layout_problems(abi),
        *_compiler_problems(root, abi),
    ]
    mutants = sum(not v.benign for v in variants)
    counts = f"{len(clauses)} clauses, {len(judged)} checks, {mutants} mutants, "
    return problems, counts + f"{len(variants) - mutants} benign variants"


def _clause_problems(clauses: list[Clause], abi: Abi) -> Iterator[str]:
    functions = {f.name for f in abi.functions}
    for name, count in Counter(c.id for c in clauses).items():
        if count > 1:
            yield f"{name}: the id is used {count} times"
    for clause in clauses:
        where = f"{clause.file}: {clause.id}"
        if not _ID.fullmatch(clause.id):
            yield f"{where}: an id looks like ERR-RAISE-03"
        if clause.level not in LEVELS:
            yield f"{where}: level {clause.level!r} is none of {', '.join(LEVELS)}"
        if clause.profile not in PROFILES:
            yield f"{where}: profile {clause.profile!r} is none of {', '.join(PROFILES)}"
        if clause.kind not in KINDS:
            known = ", ".join(KINDS)
            yield f"{where}: kind {clause.kind!r}, set at the top of the file, is none of {known}"
        if clause.witness not in ("library", "headers"):
            yield f"{where}: witness {clause.witness!r} is neither library nor headers"
        for field in ("since", "text", "source"):
            if not str(getattr(clause, field)).strip():
                yield f"{where}: no {field}"
        for need in clause.requires:
            if need not in functions and not need.startswith("type:"):
                yield f"{where}: requires {need}, which is neither a function nor a feature"


def checks_by_clause() -> dict[str, list[str]]:
    """Ids of the checks of each clause, without their parameters, read from the sources."""
    found: dict[str, list[str]] = {}
    for where, names in _checks(resource("conformance")):
        file, _, test = where.partition("::")
        topic, _, name = file.rpartition("/")
        stem = name.removeprefix("test_").removesuffix(".py")
        for each in names:
            found.setdefault(each, []).append(f"{topic}/{stem}::{test.removeprefix('test_')}")
    return found


def _checks(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(check, clause ids) of every test function, read from the source without importing it."""
    for file in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                where = f"{file.relative_to(folder).as_posix()}::{node.name}"
                yield where, tuple(_clause_ids(node))


def _clause_ids(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "clause"
        ):
            for argument in decorator.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _join_problems(clauses: list[Clause], judged: dict[str, tuple[str, ...]]) -> Iterator[str]:
    known = {clause.id: clause for clause in clauses}
    covered = {name for names in judged.values() for name in names}
    for clause in clauses:
        if clause.id not in covered:
            yield f"{clause.file}: {clause.id}: no check judges it"
    for check, names in judged.items():
        if not names:
            yield f"{check}: names no clause"
        for name in names:
            if name not in known:
                yield f"{check}: names clause {name}, which spec/clauses lacks"
        kinds = {(known[n].kind, known[n].level, known[n].profile) for n in names if n in known}
        if len(kinds) > 1:
            yield f"{check}: its clauses differ in kind, level or profile"


def _mutant_problems(clauses: list[Clause], variants: list[Variant]) -> Iterator[str]:
    known = {clause.id for clause in clauses}
    violated = {name for variant in variants for name in variant.violates}
    for variant in variants:
        for name in variant.violates:
            if name not in known:
                yield f"{variant.source.name}: violates {name}, which spec/clauses lacks"
    for clause in clauses:
        if clause.level == "MUST" and clause.witness == "library" and clause.id not in violated:
            yield f"{clause.file}: {clause.id}: a MUST clause without a mutant"


def _layout_problems(abi: Abi) -> Iterator[str]:
    engine = LayoutEngine(abi)
    for struct in abi.structs:
        try:
            layout = engine.layout(struct)
        except KeyError as error:
            yield f"structs.toml: {struct.name}: unknown C type {error}"
            continue
        if layout.size != struct.size:
            yield f"structs.toml: {struct.name}: size {struct.size}, its fields give {layout.size}"
        for field in struct.flat_fields():
            if layout.offsets[field.name] != field.offset:
                yield (
                    f"structs.toml: {struct.name}.{field.name}: offset {field.offset}, "
                    f"its fields give {layout.offsets[field.name]}"
                )


def assertions(abi: Abi) -> str:
    """C11 source that compiles only if the generated header is what the specification says."""
    lines = ['#include "ffi_cts/abi.h"']
    for struct in abi.structs:
        lines.append(f'_Static_assert(sizeof({struct.name}) == {struct.size}, "{struct.name}");')
        lines += [
            f"_Static_assert(offsetof({struct.name}, {f.name}) == {f.offset}, "
            f'"{struct.name}.{f.name}");'
            for f in struct.flat_fields()
        ]
    for enum in abi.enums:
        lines += [f'_Static_assert({v.name} == {v.value}, "{v.name}");' for v in enum.values]
    for function in abi.functions:
        arguments = ", ".join(declare(a.type, a.name) for a in function.args) or "void"
        lines.append(f"{declare(function.returns, f'{function.name}({arguments})')};")
    return "\n".join(lines) + "\n"


def _compiler_problems(root: Path, abi: Abi) -> Iterator[str]:
    """What a C compiler says of the generated header; nothing where there is no compiler."""
    cc = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if cc is None or not (root / "include").is_dir():
        return
    with tempfile.TemporaryDirectory(prefix="ffi-cts-") as folder:
        source = Path(folder) / "layout.c"
        source.write_text(assertions(abi), encoding="utf-8")
        done = subprocess.run(
            [cc, "-std=c11", "-fsyntax-only", "-I", str(root / "include"), str(source)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, "LC_ALL": "C"},  # its words are read below
        )
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    for line in errors:
        complaint = line.split("error:", 1)[1].strip()
        yield f"the compiler contradicts the specification: {complaint}"
    if done.returncode != 0 and not errors:
        yield f"{cc} failed on the generated header with exit code {done.returncode}"
