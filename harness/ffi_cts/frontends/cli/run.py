# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts run``."""

from __future__ import annotations

from pathlib import Path

import click

from ffi_cts.frontends.cli.outputs import Outputs, output_options
from ffi_cts.frontends.cli.parameters import OUTPUT, SCALE


@click.command()
@click.argument("target")
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the full report.")
@output_options
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Only checks whose id, or a clause id of theirs, fits. Repeatable.",
)
@click.option("--profile", "profiles", metavar="LIST", default="", help="Comma-separated profiles.")
@click.option(
    "--effort",
    type=click.Choice(["quick", "standard", "deep"]),
    default="standard",
    show_default=True,
    help="15, 100 or 2000 examples per property; at quick, passing checks share a process.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, help="Explore other examples; 0 is fixed."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=0, max=256),
    default=0,
    metavar="N",
    help="Checks at once; default: one per core.",
)
@click.option(
    "--timeout-scale",
    type=SCALE,
    default=1.0,
    metavar="X",
    help="Multiply every timeout, e.g. on a slow machine.",
)
@click.option(
    "--expect",
    metavar="FILE",
    help="Known deviations (TOML); a bare name means a file that ships, e.g. apache-tvm-ffi.",
)
@click.option("--strict", is_flag=True, help="Stale expectations fail the run too.")
@click.option(
    "--include",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="C headers of the implementer, judged by the layout checks.",
)
@click.option(
    "--against",
    default="reference",
    show_default=True,
    metavar="TARGET",
    help="Second library of the cross-library checks.",
)
@click.option("--list", "list_only", is_flag=True, help="List the checks selected; run none.")
@click.option(
    "--maxfail",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Stop after N deviations that fail the run.",
)
@click.option("-x", "first", is_flag=True, help="Stop after the first: --maxfail 1.")
@click.option(
    "--last-failed", is_flag=True, help="Only what did not pass when TARGET was last judged."
)
@click.option(
    "--durations",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Show the N slowest checks.",
)
@click.option("--oneline", is_flag=True, help="Print one line for each deviation.")
@click.option("-q", "--quiet", is_flag=True, help="Print the verdict only.")
@click.option("-v", "--verbose", is_flag=True, help="Show every deviation in full.")
def run(
    target: str,
    json_file: Path | None,
    outputs: Outputs,
    only: tuple[str, ...],
    profiles: str,
    effort: str,
    seed: int,
    jobs: int,
    timeout_scale: float,
    expect: str | None,
    strict: bool,
    include: Path | None,
    against: str,
    list_only: bool,
    maxfail: int,
    first: bool,
    last_failed: bool,
    durations: int,
    oneline: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Judge the implementation TARGET.

    \b
    TARGET is one of
      ./libmine.so                   a shared library
      reference                      the reference implementation that ships
      apache-tvm-ffi                 the installed package, else the newest release
      apache-tvm-ffi==0.1.15.post2   a published release, fetched into the user cache

    Each check runs in a process of its own; whatever the library does there is a
    result of that check. Exit codes: see `ffi-cts --help`.

    FILE may be `-` for standard output; what people read then goes to standard error.
    """
    from ffi_cts.engine.sanitizers import preload_for_helpers

    preload_for_helpers()
    from ffi_cts.errors import UsageError
    from ffi_cts.expectations import load_expectations
    from ffi_cts.frontends.cli.last_failed import recall, remember
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.report import files, store, terminal
    from ffi_cts.results import EXIT_HARNESS
    from ffi_cts.session import Options, judge, listing

    taken = files.check_outputs(
        {"--json": json_file, **outputs.named()},
        {"TARGET": target, "--against": against, "--expect": expect},
    )
    expectations = load_expectations(expect) if expect else None
    if last_failed:
        only = (*only, *recall(target))
    options = Options(
        target=target,
        only=only,
        profiles=tuple(p.strip() for p in profiles.split(",") if p.strip()),
        effort=effort,
        seed=seed,
        jobs=jobs,
        timeout_scale=timeout_scale,
        include=include,
        against=against,
        strict=strict,
        maxfail=1 if first else maxfail,
    )
    if list_only:
        for check in listing(options):
            line = f"{check.id}  [{check.level.value}] {', '.join(check.clause_ids)}"
            click.echo(f"{line}  {check.profile}")
        return
    display = Display(quiet=quiet, stdout_taken=taken)
    with display:
        report = judge(options, expectations, display.callbacks())
    remember(target, report)
    failures = []
    stored = [(json_file, store.to_json)] if json_file is not None else []
    for file, text in (*stored, *outputs.writers()):
        try:
            files.write_text(file, text(report))
        except UsageError as error:  # the disk filled up meanwhile: the rest still counts
            failures.append(str(error))
    if quiet:
        click.echo(report.verdict.value, err=taken)
    elif oneline:
        terminal.render_lines(report, display.console)
    else:
        terminal.render(report, display.console, every=verbose)
    if durations:
        terminal.render_durations(report, display.console, durations)
    for failure in failures:
        click.echo(f"ffi-cts: {failure}", err=True)
    code = report.exit_code()
    raise SystemExit(EXIT_HARNESS if failures and code == 0 else code)
