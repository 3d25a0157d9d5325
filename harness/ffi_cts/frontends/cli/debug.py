# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts debug``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ffi_cts.frontends.cli import judging
from ffi_cts.frontends.cli.parameters import FILE


@click.command()
@click.argument("target")
@click.argument("check")
@click.option("--no-debugger", is_flag=True, help="Run the example plainly, to attach or to watch.")
@click.option(
    "--batch", is_flag=True, help="Print where it ends, and end. So it is without a terminal."
)
@click.option(
    "--keep-core",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the memory of the process when it dies, for a debugger; implies --batch.",
)
@judging.search
def debug(
    target: str,
    check: str,
    no_debugger: bool,
    batch: bool,
    keep_core: Path | None,
    effort: str,
    seed: int,
    timeout_scale: float,
    include: Path | None,
    against: str,
) -> None:
    """Run one CHECK that deviates under gdb (or lldb), stopped before the failing call.

    \b
    ffi-cts debug ./libmine.so functions/create::deleter_may_be_null
    ffi-cts debug ./libmine.so FUNC-CREATE-05 --batch       a stack, and done
    ffi-cts debug ./libmine.so FUNC-CREATE-05 --no-debugger

    TARGET is as in `ffi-cts run`; CHECK is the id of a check, or of a clause that one check
    judges. The check first runs isolated, which finds the smallest example that deviates; then
    a process of its own runs just this example under the debugger. It stops before the call in
    which the library dies, hangs, or goes wrong; `continue` goes on into the library's function.

    A library that was built with AddressSanitizer works too.
    """
    from ffi_cts.engine.sanitizers import preload_for_helpers

    preload_for_helpers()
    from ffi_cts.debugging import rehearsal
    from ffi_cts.debugging.watch import Wish, watch
    from ffi_cts.debugging.watch import check as find_debugger
    from ffi_cts.report.terminal import render_check
    from ffi_cts.session import Options, Session

    batch = batch or keep_core is not None or not (sys.stdin.isatty() and sys.stdout.isatty())
    wish = Wish(debugger=not no_debugger, batch=batch, core=keep_core)
    debugger = find_debugger(wish)
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
    with Session(options) as session:
        found = rehearsal.find(session, check)
        render_check(found.result)
        sys.stdout.flush()
        core = watch(found, wish, debugger, session.scratch)
    if core is not None:
        click.echo(f"ffi-cts: the core is {core}; open it with `gdb {sys.executable} {core}`")
    elif keep_core is not None:
        click.echo("ffi-cts: no core was written: the process did not die of a signal", err=True)


@click.command(hidden=True)
@click.argument("plan", type=FILE)
def inside(plan: Path) -> None:
    """Run a saved plan; `debug` starts this."""
    from ffi_cts.debugging.inside import run

    raise SystemExit(run(plan))
