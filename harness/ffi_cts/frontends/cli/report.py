# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts report``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.outputs import Outputs, output_options
from ffi_cts.frontends.cli.parameters import FILE


@click.command()
@click.argument("file", type=FILE)
@output_options
@click.option("-v", "--verbose", is_flag=True, help="Show every deviation in full.")
@click.option("--strict", is_flag=True, help="Exit as `run --strict` would have.")
def report(file: Path, outputs: Outputs, verbose: bool, strict: bool) -> None:
    """Show a saved JSON report again, or turn it into another format.

    The exit code is that of the run that wrote FILE.
    """
    import attrs

    from ffi_cts.report import files, store

    files.check_outputs(outputs.named(), {"FILE": file})
    saved = store.read(file)
    if strict:
        saved = attrs.evolve(saved, run=attrs.evolve(saved.run, strict=True))
    writers = outputs.writers()
    for target, text in writers:
        files.write_text(target, text(saved))
    if not writers:
        from rich.console import Console

        from ffi_cts.report import terminal

        terminal.render(saved, Console(soft_wrap=True, highlight=False), every=verbose)
    raise SystemExit(saved.exit_code())
