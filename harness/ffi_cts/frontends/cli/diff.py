# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts diff``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.parameters import FILE, OUTPUT


@click.command()
@click.argument("old", type=FILE, metavar="OLD.json")
@click.argument("new", type=FILE, metavar="NEW.json")
@click.option("--gate", is_flag=True, help="Exit with 1 if a MUST check is newly broken.")
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the comparison.")
@click.option(
    "--markdown", "markdown_file", type=OUTPUT, metavar="FILE", help="Write a CI summary."
)
@click.option(
    "--html", "html_file", type=OUTPUT, metavar="FILE", help="Write one self-contained page."
)
@click.option("-v", "--verbose", is_flag=True, help="List new and gone checks too.")
@click.option("-q", "--quiet", is_flag=True, help="Print one line only.")
def diff(
    old: Path,
    new: Path,
    gate: bool,
    json_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
    verbose: bool,
    quiet: bool,
) -> None:
    """Say what changed between two reports of `ffi-cts run --json`.

    \b
    broken   held, or could not be tried, and deviates now (or held, and can't be tried)
    fixed    deviated, and holds now
    changed  deviates in another way, or can be tried for the first time
    unknown  one of the runs has no result
    new, gone  checks that only one of the runs has

    Expectation files don't count here: a deviation that is waived is still one. With
    --gate this is a gate that needs no expectation file:

    \b
      ffi-cts run ./before.so --json old.json
      ffi-cts run ./after.so --json new.json
      ffi-cts diff old.json new.json --gate
    """
    from rich.console import Console

    from ffi_cts.report import diff_views as views
    from ffi_cts.report import files, store
    from ffi_cts.report.diff import compare

    taken = files.check_outputs(
        {"--json": json_file, "--markdown": markdown_file, "--html": html_file},
        {"OLD.json": old, "NEW.json": new},
    )
    found = compare(store.read(old), store.read(new))
    if json_file is not None:
        files.write_text(json_file, views.to_json(found, gate=gate))
    if markdown_file is not None:
        files.write_text(markdown_file, views.markdown(found))
    if html_file is not None:
        from ffi_cts.report.page.differences import render

        files.write_text(html_file, render(found))
    if quiet:
        click.echo(views.sentence(found), err=taken)
    else:
        views.render(found, Console(stderr=taken, soft_wrap=True, highlight=False), every=verbose)
    raise SystemExit(found.exit_code(gate=gate))
