# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts bench``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.parameters import FILE, measuring, meters_of


@click.command()
@click.argument("targets", nargs=-1, metavar="TARGET...")
@measuring
@click.option(
    "--layer",
    "layers",
    type=click.Choice(["c", "python", "cuda", "all"]),
    default="all",
    show_default=True,
    help="Calls from C, from Python, or of CUDA kernels.",
)
@click.option(
    "--html",
    "html_file",
    type=FILE,
    metavar="FILE",
    help="Write one self-contained page: latency by target, e.g. by release.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 1000),
    default=30,
    show_default=True,
    help="Interleaved rounds of the clock.",
)
@click.option("--list", "list_only", is_flag=True, help="Print the operations and exit.")
@click.option("-q", "--quiet", is_flag=True, help="Print no table and no progress.")
def bench(
    targets: tuple[str, ...],
    meter: str,
    only: tuple[str, ...],
    layers: str,
    json_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
    rounds: int,
    seed: int,
    counter: str,
    expect: str | None,
    force: bool,
    timeout_scale: float,
    list_only: bool,
    quiet: bool,
) -> None:
    """Measure what each ABI operation costs in every TARGET.

    \b
    One library:       ffi-cts bench ./libmine.so
    Two of them:       ffi-cts bench reference apache-tvm-ffi==0.1.15.post2
    Every release:     ffi-cts bench 'apache-tvm-ffi==*' --meter instructions --html page.html
    Calls alone:       ffi-cts bench reference --only 'call.*' --only 'object.*'

    Targets are named as for `ffi-cts run`. A quick run of the core checks comes first: a
    library that fails them gets no number. Time is the 10 %-quantile of interleaved rounds;
    `control.indirect_call` is what a bare call through a pointer costs, the floor. To find
    out whether something got slower, use `ffi-cts compare`.

    Exit codes: 0 measured; 1 a target fails its core checks; 2 usage or input error; 3 the
    suite failed, a library broke down in an operation, or it was interrupted; 4 nothing
    was measured.
    """
    from ffi_cts.bench import collect, store, table
    from ffi_cts.bench.targets import find
    from ffi_cts.errors import UsageError
    from ffi_cts.frontends.cli.steps import Steps
    from ffi_cts.report.files import check_writable

    options = collect.Options(
        meters=meters_of(meter),
        layers=("c", "python", "cuda") if layers == "all" else (layers,),
        only=only,
        rounds=rounds,
        seed=seed,
        force=force,
        expect=expect,
        counter=collect.COUNTERS[counter],
        timeout_scale=timeout_scale,
    )
    if list_only:
        for operation in collect.choose(options):
            click.echo(f"{operation.name:<38} {operation.says}")
        return
    if not targets:
        raise UsageError("No TARGET was given.", "Give one or more, such as `reference`.")
    for file in (json_file, markdown_file, html_file):
        if file is not None:
            check_writable(file)
    steps = Steps(quiet=quiet)
    with steps:
        found = find(targets, steps.note)
        benchmark = collect.Collector(found, options, steps.progress()).run()
    writers = {json_file: store.to_json, markdown_file: table.markdown}
    if html_file is not None:
        from ffi_cts.bench.page import render

        writers[html_file] = render
    failed = steps.write({file: make for file, make in writers.items() if file}, benchmark)
    if not quiet:
        table.terminal(benchmark, steps.console.print)
    raise SystemExit(collect.exit_code(benchmark) or (3 if failed else 0))
