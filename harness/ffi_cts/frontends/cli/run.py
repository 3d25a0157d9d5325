# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts run``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.frontends.cli.outputs import SEVERAL, Outputs, output_options
from ffi_cts.frontends.cli.parameters import FILE, OUTPUT, SCALE, SHARD

if TYPE_CHECKING:
    from ffi_cts.expectations import Expectations
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.results import Report
    from ffi_cts.session import Options


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the full report.")
@click.option(
    "--json-dir",
    type=FILE,
    metavar="DIR",
    help="Write a full report on each TARGET into a folder, which is made if need be.",
)
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
    "--write-expect",
    type=OUTPUT,
    metavar="FILE",
    help="Draft an expectation for what deviates and is not waived, into a new file.",
)
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
@click.option(
    "--shard",
    type=SHARD,
    metavar="I/N",
    help="Run part I of N only; `ffi-cts report` puts the parts together.",
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
    targets: tuple[str, ...],
    json_file: Path | None,
    json_dir: Path | None,
    outputs: Outputs,
    only: tuple[str, ...],
    profiles: str,
    effort: str,
    seed: int,
    jobs: int,
    timeout_scale: float,
    expect: str | None,
    strict: bool,
    write_expect: Path | None,
    include: Path | None,
    against: str,
    shard: tuple[int, int] | None,
    list_only: bool,
    maxfail: int,
    first: bool,
    last_failed: bool,
    durations: int,
    oneline: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Judge the implementation TARGET, or several of them.

    \b
    TARGET is one of
      ./libmine.so                   a shared library
      reference                      the reference implementation that ships
      apache-tvm-ffi                 the installed package, else the newest release
      apache-tvm-ffi==0.1.15.post2   a published release, fetched into the user cache
      'apache-tvm-ffi>=0.1.9'        each release in a range; 'apache-tvm-ffi==*' is all

    Each check runs in a process of its own; whatever the library does there is a
    result of that check. Of several targets a table shows the clauses that differ, and
    the exit code is the worst, 3 before 1 before 4. Exit codes: see `ffi-cts --help`.

    FILE may be `-` for standard output; what people read then goes to standard error.
    """
    from ffi_cts.engine.sanitizers import preload_for_helpers

    preload_for_helpers()
    from ffi_cts.expectations import load_expectations
    from ffi_cts.frontends.cli.last_failed import recall
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.frontends.cli.several import Shown, in_folder, judge_several, refuse_single
    from ffi_cts.library.targets import expand
    from ffi_cts.report import files
    from ffi_cts.report.draft import check_new
    from ffi_cts.session import Options, listing

    words = list(dict.fromkeys(expand(targets)))
    if len(words) > 1:
        single = {"--json": json_file, **outputs.named(), "--write-expect": write_expect}
        refuse_single({k: v for k, v in single.items() if k not in SEVERAL}, len(words))
    check_new(write_expect)
    json_files = in_folder(json_dir, words, shard)
    taken = files.check_outputs(
        {
            "--json": json_file,
            **outputs.named(),
            "--write-expect": write_expect,
            **{f"--json-dir for {word}": file for word, file in json_files.items()},
        },
        {
            **{f"TARGET {word}" if len(words) > 1 else "TARGET": word for word in words},
            "--against": against,
            "--expect": expect,
        },
    )
    expectations = load_expectations(expect) if expect else None
    if last_failed:
        # Of several targets what did not pass in one of them, so that all can be compared.
        only = tuple(dict.fromkeys((*only, *(id for word in words for id in recall(word)))))
    options = [
        Options(
            target=word,
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
            shard=shard,
        )
        for word in words
    ]
    if list_only:
        for check in listing(options[0]):
            line = f"{check.id}  [{check.level.value}] {', '.join(check.clause_ids)}"
            click.echo(f"{line}  {check.profile}")
        return
    display = Display(quiet=quiet, stdout_taken=taken, targets=len(words))
    if len(words) > 1:
        shown = Shown(
            markdown=outputs.markdown,
            html=outputs.html,
            json_files=json_files,
            durations=durations,
            oneline=oneline,
            quiet=quiet,
            verbose=verbose,
            taken=taken,
        )
        raise SystemExit(judge_several(options, expectations, display, shown))
    stored = [file for file in (json_file, *json_files.values()) if file is not None]
    report = _judge(options[0], expectations, display)
    failures = write_all(report, stored, outputs, write_expect)
    if quiet:
        click.echo(report.verdict.value, err=taken)
    else:
        show(report, display, oneline=oneline, verbose=verbose)
    if durations:
        from ffi_cts.report import terminal

        terminal.render_durations(report, display.console, durations)
    for failure in failures:
        click.echo(f"ffi-cts: {failure}", err=True)
    code = report.exit_code()
    raise SystemExit(HarnessError.exit_code if failures and code == 0 else code)


def _judge(options: Options, expectations: Expectations | None, display: Display) -> Report:
    from ffi_cts.frontends.cli.last_failed import remember
    from ffi_cts.session import judge

    with display:
        report = judge(options, expectations, display.callbacks())
    remember(options.target, report)
    return report


def write_all(
    report: Report, stored: Sequence[Path], outputs: Outputs, write_expect: Path | None
) -> list[str]:
    """Write every file that was asked for. Gives what went wrong: the rest still counts."""
    from ffi_cts.report import draft, files, store

    writers: list[tuple[Path, Callable[[Report], str]]] = [(file, store.to_json) for file in stored]
    writers += outputs.writers()
    if write_expect is not None:
        writers.append((write_expect, draft.render))
    failures = []
    for file, text in writers:
        try:
            files.write_text(file, text(report))
        except UsageError as error:  # the disk filled up meanwhile
            failures.append(str(error))
    return failures


def show(report: Report, display: Display, *, oneline: bool, verbose: bool) -> None:
    """Print a report, each deviation in full or on one line."""
    from ffi_cts.report import terminal

    if oneline:
        terminal.render_lines(report, display.console)
    else:
        terminal.render(report, display.console, every=verbose)
