# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts bench``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.measuring import Wanted, measuring
from ffi_cts.frontends.cli.parameters import OUTPUT


@click.command()
@click.argument("targets", nargs=-1, metavar="TARGET...")
@measuring(
    layers=("c", "python", "cuda", "all"),
    layer="all",
    rounds=30,
    least=1,
    quiet="Print no table and no progress.",
)
@click.option(
    "--html",
    "html_file",
    type=OUTPUT,
    metavar="FILE",
    help="Write one self-contained page: latency by target, e.g. by release.",
)
@click.option("--list", "list_only", is_flag=True, help="Print the operations and exit.")
def bench(
    targets: tuple[str, ...], wanted: Wanted, html_file: Path | None, list_only: bool
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
    from ffi_cts.bench import measure, store, table
    from ffi_cts.bench.settings import choose
    from ffi_cts.bench.targets import find
    from ffi_cts.errors import UsageError
    from ffi_cts.frontends.cli.steps import Steps
    from ffi_cts.report.files import check_outputs

    layers = ("c", "python", "cuda") if wanted.layer == "all" else (wanted.layer,)
    settings = wanted.settings(layers)
    if list_only:
        for operation in choose(settings):
            click.echo(f"{operation.name:<38} {operation.says}")
        return
    if not targets:
        raise UsageError("No TARGET was given.", "Give one or more, such as `reference`.")
    taken = check_outputs(
        {**wanted.outputs, "--html": html_file},
        {**{f"TARGET {target}": target for target in targets}, "--expect": wanted.expect},
    )
    steps = Steps(quiet=wanted.quiet, stdout_taken=taken)
    with steps:
        found = find(targets, steps.note)
        benchmark = measure.Measurement(found, settings, steps.watcher()).run()
    writers = {wanted.json_file: store.to_json, wanted.markdown_file: table.markdown}
    if html_file is not None:
        from ffi_cts.bench.page.render import render

        writers[html_file] = render
    failed = steps.write({file: make for file, make in writers.items() if file}, benchmark)
    if not wanted.quiet:
        table.terminal(benchmark, steps.console.print)
    raise SystemExit(measure.exit_code(benchmark) or (3 if failed else 0))
