# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts spec``."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def spec() -> None:
    """Read, check and regenerate the specification."""


@spec.command("list")
@click.option("--level", type=click.Choice(["MUST", "SHOULD", "ADVISORY"]), help="Only this level.")
@click.option("--profile", help="Only this profile.")
@click.option("--checks/--no-checks", default=True, help="Name the checks of each clause too.")
@click.argument("globs", nargs=-1, metavar="[GLOB]...")
def list_(level: str | None, profile: str | None, checks: bool, globs: tuple[str, ...]) -> None:
    """List the clauses with an id, or the id of a check, that fits one of the GLOBs.

    Upper and lower case are the same, so that `err*` finds ERR-RAISE-01.
    """
    from ffi_cts.abi import load
    from ffi_cts.globs import fits_any
    from ffi_cts.lint import checks_by_clause

    wanted = [glob.lower() for glob in globs] or ["*"]
    judged = checks_by_clause()
    shown = [
        clause
        for clause in load().clauses.values()
        if level in (None, clause.level)
        and profile in (None, clause.profile)
        and any(fits_any(name.lower(), wanted) for name in (clause.id, *judged.get(clause.id, ())))
    ]
    for clause in shown:
        mark = " (disputed)" if clause.disputed else ""
        click.echo(f"{clause.id:18} {clause.level:8} {clause.profile:9} {clause.text}{mark}")
        for check in judged.get(clause.id, ()) if checks else ():
            click.echo(f"{'':18} {check}")
    click.echo(f"{len(shown)} clauses", err=True)


@spec.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--pointer-width",
    type=click.Choice(["4", "8"]),
    default="8",
    help="Bytes of a pointer, for the layout of a struct.",
)
def show(names: tuple[str, ...], pointer_width: str) -> None:
    """Show clauses, structs, enums, constants, types or functions."""
    from ffi_cts.abi.show import show as describe

    texts = [describe(name, int(pointer_width)) for name in names]
    click.echo("\n\n".join(texts))


@spec.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is out of date.")
def generate(check: bool) -> None:
    """Write include/ (C header and cffi declarations) from spec/abi. Needs a checkout."""
    from ffi_cts.lint import stale_outputs, write_outputs

    stale = stale_outputs()
    if check:
        for path in stale:
            click.echo(f"{path} is out of date: run `ffi-cts spec generate`")
        raise SystemExit(1 if stale else 0)
    for path in write_outputs():
        click.echo(f"wrote {path}")


@spec.command()
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with spec/, include/, conformance/ and tests/ (default: the one that ships).",
)
def lint(root: Path | None) -> None:
    """Check that spec, generated files, checks and mutants agree; exit 1 on any hole."""
    from ffi_cts.lint import lint as check_all

    problems, counts = check_all(root)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{counts}: {len(problems)} problems" if problems else f"{counts}: no problem")
    raise SystemExit(1 if problems else 0)
