# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts report``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.parameters import FILE, OUTPUT


@click.command()
@click.argument("file", type=FILE)
@click.option("--junit", "junit_file", type=OUTPUT, metavar="FILE", help="Write JUnit XML.")
@click.option(
    "--markdown", "markdown_file", type=OUTPUT, metavar="FILE", help="Write a CI summary."
)
@click.option("-v", "--verbose", is_flag=True, help="Show every deviation in full.")
@click.option("--strict", is_flag=True, help="Exit as `run --strict` would have.")
def report(
    file: Path, junit_file: Path | None, markdown_file: Path | None, verbose: bool, strict: bool
) -> None:
    """Show a saved JSON report again, or turn it into another format.

    The exit code is that of the run that wrote FILE.
    """
    import attrs
    from rich.console import Console

    from ffi_cts.report import files, junit, markdown, store, terminal

    files.check_outputs({"--junit": junit_file, "--markdown": markdown_file}, {"FILE": file})
    saved = store.read(file)
    if strict:
        saved = attrs.evolve(saved, run=attrs.evolve(saved.run, strict=True))
    if junit_file is not None:
        files.write_text(junit_file, junit.render(saved))
    if markdown_file is not None:
        files.write_text(markdown_file, markdown.render(saved))
    if junit_file is None and markdown_file is None:
        terminal.render(saved, Console(soft_wrap=True, highlight=False), every=verbose)
    raise SystemExit(saved.exit_code())
