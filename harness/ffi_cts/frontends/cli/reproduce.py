# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts reproduce``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli import judging
from ffi_cts.frontends.cli.parameters import OUTPUT


@click.command()
@click.argument("target")
@click.argument("check")
@click.option(
    "-o",
    "--output",
    type=OUTPUT,
    required=True,
    metavar="FILE",
    help="The C file to write; - is standard output.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@judging.search
def reproduce(
    target: str,
    check: str,
    output: Path,
    force: bool,
    effort: str,
    seed: int,
    timeout_scale: float,
    include: Path | None,
    against: str,
) -> None:
    """Write a C program that shows how one CHECK deviates.

    \b
    ffi-cts reproduce ./libmine.so functions/create::deleter_may_be_null -o repro.c

    It makes the calls of the smallest example that deviates, with their arguments, prints what
    each returns, and compares what the check compares. It needs the public headers
    (tvm/ffi/c_api.h), the library, and nothing else; the command that compiles it stands on top.
    Its exit code is 1 if the deviation is seen, 0 if not; or it dies as the check did. What C
    can't say stands there as a comment.
    """
    from ffi_cts.engine.sanitizers import preload_for_helpers

    preload_for_helpers()
    from ffi_cts.programs.program import Request, write
    from ffi_cts.session import Options

    options = Options(
        target=target,
        only=(check,),
        effort=effort,
        seed=seed,
        jobs=1,
        timeout_scale=timeout_scale,
        include=include,
        against=against,
    )
    program = write(Request(options=options, check=check, output=output, force=force))
    told = "shows the deviation" if program.tells else "makes the calls; C can't tell the rest"
    click.echo(f"ffi-cts: {output} {told}", err=True)
