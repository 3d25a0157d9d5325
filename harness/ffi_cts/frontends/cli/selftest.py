# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts selftest``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from ffi_cts.frontends.cli.parameters import OUTPUT, SCALE


@click.command()
@click.option(
    "--effort",
    type=click.Choice(["quick", "standard"]),
    default="quick",
    show_default=True,
    help="Examples per property.",
)
@click.option("--only", multiple=True, metavar="GLOB", help="Only these mutants or variants.")
@click.option("--full", is_flag=True, help="Run every check against every mutant: a full matrix.")
@click.option(
    "--spread",
    is_flag=True,
    help="Each benign variant meets a twelfth of the checks, the reference none: for a quick gate.",
)
@click.option("--jobs", type=click.IntRange(min=0, max=256), default=0, help="Checks at once.")
@click.option("--timeout-scale", type=SCALE, default=1.0, metavar="X", help="Multiply timeouts.")
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the matrix.")
@click.option("--html", "html_file", type=OUTPUT, metavar="FILE", help="Write it as one page.")
def selftest(
    effort: str,
    only: tuple[str, ...],
    full: bool,
    spread: bool,
    jobs: int,
    timeout_scale: float,
    json_file: Path | None,
    html_file: Path | None,
) -> None:
    """Try the suite on implementations that are wrong, or odd, on purpose.

    Every mutant must be killed by the checks of each clause that it violates, and no
    check may fail a benign variant. Needs a C compiler (CC, cc, gcc or clang).
    """
    from ffi_cts.report.files import check_outputs
    from ffi_cts.selftest.matrix import run_selftest

    taken = check_outputs({"--json": json_file, "--html": html_file})
    raise SystemExit(
        run_selftest(
            effort=effort,
            only=only,
            full=full,
            spread=spread,
            jobs=jobs,
            timeout_scale=timeout_scale,
            json_file=json_file,
            html_file=html_file,
            say=partial(click.echo, err=taken),
        )
    )
