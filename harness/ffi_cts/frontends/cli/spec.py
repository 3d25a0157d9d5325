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
@click.argument("glob", default="*")
def list_(level: str | None, profile: str | None, glob: str) -> None:
    """List the clauses whose id fits GLOB."""
    from ffi_cts.abi import load
    from ffi_cts.globs import fits

    shown = [
        clause
        for clause in load().clauses.values()
        if fits(clause.id, glob)
        and level in (None, clause.level)
        and profile in (None, clause.profile)
    ]
    for clause in shown:
        mark = " (disputed)" if clause.disputed else ""
        click.echo(f"{clause.id:18} {clause.level:8} {clause.profile:9} {clause.text}{mark}")
    click.echo(f"{len(shown)} clauses", err=True)


@spec.command()
@click.argument("name")
@click.option(
    "--pointer-width",
    type=click.Choice(["4", "8"]),
    default="8",
    help="Bytes of a pointer, for the layout of a struct.",
)
def show(name: str, pointer_width: str) -> None:
    """Show a clause, struct, enum or function."""
    from ffi_cts.abi.show import show as describe

    click.echo(describe(name, int(pointer_width)))


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
