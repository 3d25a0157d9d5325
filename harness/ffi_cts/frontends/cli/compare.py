# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts compare``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.measuring import Wanted, measuring
from ffi_cts.frontends.cli.parameters import FILE, OUTPUT


@click.command()
@click.argument("base")
@click.argument("candidate")
@click.option("--gate", is_flag=True, help="Exit 1 when a call got slower, 3 when in doubt.")
@measuring(layers=("c", "python"), layer="c", rounds=20, least=20, quiet="Print the answer only.")
@click.option(
    "--accept",
    type=FILE,
    metavar="FILE",
    help="Slower calls that are accepted, each with a reason (TOML).",
)
@click.option("--plot", "plot_file", type=OUTPUT, metavar="FILE", help="Write a picture (SVG).")
def compare(
    base: str,
    candidate: str,
    gate: bool,
    wanted: Wanted,
    accept: Path | None,
    plot_file: Path | None,
) -> None:
    """Tell which calls are slower in CANDIDATE than in BASE.

    \b
    Two releases:      ffi-cts compare apache-tvm-ffi==0.1.0 apache-tvm-ffi==0.1.15.post2
    Gate CI:           ffi-cts compare main.so pull-request.so --gate --markdown summary.md
    Against a file:    ffi-cts bench main.so --json main.json --meter instructions
                       ffi-cts compare main.json pull-request.so --meter instructions --gate

    BASE and CANDIDATE are targets as for `ffi-cts run`, or files that `ffi-cts bench --json`
    wrote on this machine. By instructions, a change is more than 1 % and more than 3 of them in
    every layout of memory, in two collections that agree. By time, it is more than 5 % and half
    a nanosecond at the 10 %-quantile of interleaved rounds, confirmed by a second collection,
    while neither the base measured against itself nor a call-free control moved; else the
    clock's answer is "inconclusive" and only instructions count.

    Exit codes: 0 nothing got slower, or --gate was not given; 1 something did, or a target
    fails its core checks; 2 usage or input error; 3 a count did not repeat, --meter time was
    inconclusive, a library broke down, or it was interrupted; 4 nothing could be compared.
    """
    from ffi_cts.bench.gate import rendering
    from ffi_cts.bench.gate.comparer import Comparer, Plan
    from ffi_cts.frontends.cli.steps import Steps
    from ffi_cts.report.files import check_outputs

    taken = check_outputs(
        {**wanted.outputs, "--plot": plot_file},
        {"BASE": base, "CANDIDATE": candidate, "--accept": accept, "--expect": wanted.expect},
    )
    contended = any(glob.startswith("threads2") for glob in wanted.only)
    settings = wanted.settings((wanted.layer,), contended=contended)
    steps = Steps(quiet=wanted.quiet, stdout_taken=taken)
    with steps:
        found = Comparer(Plan(base, candidate, settings, accept), steps.watcher()).run()
    writers = {
        wanted.json_file: rendering.to_json,
        wanted.markdown_file: rendering.markdown,
        plot_file: rendering.plot,
    }
    failed = steps.write({file: make for file, make in writers.items() if file}, found)
    if wanted.quiet:
        click.echo(rendering.sentence(found), err=taken)
    else:
        rendering.terminal(found, steps.console.print)
    raise SystemExit(found.exit_code(gate) or (3 if failed else 0))
