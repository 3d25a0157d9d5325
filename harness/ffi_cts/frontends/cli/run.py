# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ffi_cts.frontends.cli import judging
from ffi_cts.frontends.cli.outputs import SEVERAL, Outputs, output_options
from ffi_cts.frontends.cli.parameters import FILE, OUTPUT, SHARD

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
@judging.effort_and_pace
@judging.waiving("apache-tvm-ffi")
@judging.surroundings
@click.option(
    "--shard",
    type=SHARD,
    metavar="I/N",
    help="Run part I of N only; `ffi-cts report` puts the parts together.",
)
@judging.stopping
@click.option(
    "--last-failed", is_flag=True, help="Only what did not pass when TARGET was last judged."
)
@judging.showing
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
    from ffi_cts.frontends.cli.several import Files, in_folder, judge_several, refuse_single
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
        judging.print_list(listing(options[0]))
        return
    display = Display(quiet=quiet, stdout_taken=taken, targets=len(words))
    shown = judging.Shown(
        durations=durations, oneline=oneline, quiet=quiet, verbose=verbose, taken=taken
    )
    if len(words) > 1:
        together = Files(markdown=outputs.markdown, html=outputs.html, reports=json_files)
        raise SystemExit(judge_several(options, expectations, display, shown, together))
    stored = [file for file in (json_file, *json_files.values()) if file is not None]
    report = _judge(options[0], expectations, display)
    judging.conclude(report, display, shown, stored, outputs, write_expect)


def _judge(options: Options, expectations: Expectations | None, display: Display) -> Report:
    from ffi_cts.frontends.cli.last_failed import remember
    from ffi_cts.session import judge

    with display:
        report = judge(options, expectations, display.callbacks())
    remember(options.target, report)
    return report
