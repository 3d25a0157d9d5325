# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts compare``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.parameters import FILE, measuring, meters_of


@click.command()
@click.argument("base")
@click.argument("candidate")
@measuring
@click.option("--gate", is_flag=True, help="Exit 1 when a call got slower, 3 when in doubt.")
@click.option(
    "--layer",
    type=click.Choice(["c", "python"]),
    default="c",
    show_default=True,
    help="Calls from C, or from Python.",
)
@click.option(
    "--accept",
    type=FILE,
    metavar="FILE",
    help="Slower calls that are accepted, each with a reason (TOML).",
)
@click.option("--plot", "plot_file", type=FILE, metavar="FILE", help="Write a picture (SVG).")
@click.option(
    "--rounds",
    type=click.IntRange(20, 1000),
    default=20,
    show_default=True,
    help="Interleaved rounds of the clock.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print the answer only.")
def compare(
    base: str,
    candidate: str,
    gate: bool,
    meter: str,
    only: tuple[str, ...],
    layer: str,
    accept: Path | None,
    json_file: Path | None,
    markdown_file: Path | None,
    plot_file: Path | None,
    rounds: int,
    seed: int,
    counter: str,
    expect: str | None,
    force: bool,
    timeout_scale: float,
    quiet: bool,
) -> None:
    """Tell which calls are slower in CANDIDATE than in BASE.

    \b
    Two releases:      ffi-cts compare apache-tvm-ffi==0.1.0 apache-tvm-ffi==0.1.15.post2
    Gate CI:           ffi-cts compare main.so pull-request.so --gate --markdown summary.md
    Against a file:    ffi-cts bench main.so --json main.json --meter instructions
                       ffi-cts compare main.json pull-request.so --meter instructions --gate

    BASE and CANDIDATE are targets as for `ffi-cts run`, or files that `ffi-cts bench --json`
    wrote on this machine. By instructions, a change is more than 1 % and more than 3 of them,
    in two collections that agree. By time, it is more than 5 % and half a nanosecond at the
    10 %-quantile of interleaved rounds, confirmed by a second collection, while neither the
    base measured against itself nor a call-free control moved; else the clock's answer is
    "inconclusive" and only instructions count.

    Exit codes: 0 nothing got slower, or --gate was not given; 1 something did, or a target
    fails its core checks; 2 usage or input error; 3 a count did not repeat, --meter time was
    inconclusive, a library broke down, or it was interrupted; 4 nothing could be compared.
    """
    from ffi_cts.bench import comparison
    from ffi_cts.bench.collect import COUNTERS, Options
    from ffi_cts.bench.compare import Comparer, Plan
    from ffi_cts.frontends.cli.steps import Steps
    from ffi_cts.report.files import check_writable

    for file in (json_file, markdown_file, plot_file):
        if file is not None:
            check_writable(file)
    options = Options(
        meters=meters_of(meter),
        layers=(layer,),
        only=only,
        contended=any(glob.startswith("threads2") for glob in only),
        rounds=rounds,
        seed=seed,
        force=force,
        expect=expect,
        counter=COUNTERS[counter],
        timeout_scale=timeout_scale,
    )
    steps = Steps(quiet=quiet)
    with steps:
        plan = Plan(base, candidate, options, accept)
        found = Comparer(plan, steps.progress()).run()
    writers = {
        json_file: comparison.to_json,
        markdown_file: comparison.markdown,
        plot_file: comparison.plot,
    }
    failed = steps.write({file: make for file, make in writers.items() if file}, found)
    if quiet:
        click.echo(comparison.sentence(found))
    else:
        comparison.terminal(found, steps.console.print)
    raise SystemExit(found.exit_code(gate) or (3 if failed else 0))
