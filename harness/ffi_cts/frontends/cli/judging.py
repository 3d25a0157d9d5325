# SPDX-License-Identifier: Apache-2.0
"""What the commands that judge have in common: their options, and how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click
from attrs import frozen

from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.frontends.cli.outputs import Outputs
from ffi_cts.frontends.cli.parameters import OUTPUT, SCALE

if TYPE_CHECKING:
    from ffi_cts.engine.plan import Check
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.results import Report

C = TypeVar("C", bound=Callable[..., None])


def _effort(text: str) -> Callable[[C], C]:
    return click.option(
        "--effort",
        type=click.Choice(["quick", "standard", "deep"]),
        default="standard",
        show_default=True,
        help=text,
    )


def _together(*options: Callable[[C], C]) -> Callable[[C], C]:
    def added(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return added


_SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=0, help="Explore other examples; 0 is fixed."
)
_TIMEOUT_SCALE = click.option(
    "--timeout-scale",
    type=SCALE,
    default=1.0,
    metavar="X",
    help="Multiply every timeout, e.g. on a slow machine.",
)

surroundings = _together(
    click.option(
        "--include",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="C headers of the implementer, judged by the layout checks.",
    ),
    click.option(
        "--against",
        default="reference",
        show_default=True,
        metavar="TARGET",
        help="Second library of the cross-library checks.",
    ),
)
"""Options that say what stands beside a runtime."""

search = _together(
    _effort("Examples per property in the search for one that deviates."),
    _SEED,
    _TIMEOUT_SCALE,
    surroundings,
)
"""Options of what finds the smallest example of one check."""

effort_and_pace = _together(
    _effort("15, 100 or 2000 examples per property; at quick, passing checks share a process."),
    _SEED,
    click.option(
        "--jobs",
        type=click.IntRange(min=0, max=256),
        default=0,
        metavar="N",
        help="Checks at once; default: one per core.",
    ),
    _TIMEOUT_SCALE,
)
"""Options of how thoroughly, and how fast."""


def waiving(example: str) -> Callable[[C], C]:
    """Options of known deviations; ``example`` is a file of them that ships."""
    return _together(
        click.option(
            "--expect",
            metavar="FILE",
            help=f"Known deviations (TOML); a bare name means a file that ships, e.g. {example}.",
        ),
        click.option("--strict", is_flag=True, help="Stale expectations fail the run too."),
        click.option(
            "--write-expect",
            type=OUTPUT,
            metavar="FILE",
            help="Draft an expectation for what deviates and is not waived, into a new file.",
        ),
    )


stopping = _together(
    click.option("--list", "list_only", is_flag=True, help="List the checks selected; run none."),
    click.option(
        "--maxfail",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Stop after N deviations that fail the run.",
    ),
    click.option("-x", "first", is_flag=True, help="Stop after the first: --maxfail 1."),
)
"""Options that end a run early, or before it begins."""

showing = _together(
    click.option(
        "--durations",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Show the N slowest checks.",
    ),
    click.option("--oneline", is_flag=True, help="Print one line for each deviation."),
    click.option("-q", "--quiet", is_flag=True, help="Print the verdict only."),
    click.option("-v", "--verbose", is_flag=True, help="Show every deviation in full."),
)
"""Options of what people read."""


@frozen(kw_only=True)
class Shown:
    """How the result is told; ``taken`` says that standard output is a report's."""

    durations: int
    oneline: bool
    quiet: bool
    verbose: bool
    taken: bool


def print_list(checks: Iterable[Check]) -> None:
    """Print what a run would carry out."""
    for check in checks:
        line = f"{check.id}  [{check.level.value}] {', '.join(check.clause_ids)}"
        click.echo(f"{line}  {check.profile}")


def conclude(
    report: Report,
    display: Display,
    shown: Shown,
    stored: Sequence[Path],
    outputs: Outputs,
    write_expect: Path | None,
) -> NoReturn:
    """Write what was asked for, tell the result, and end with its exit code."""
    from ffi_cts.report import terminal

    failures = _write_all(report, stored, outputs, write_expect)
    if shown.quiet:
        click.echo(report.verdict.value, err=shown.taken)
    elif shown.oneline:
        terminal.render_lines(report, display.console)
    else:
        terminal.render(report, display.console, every=shown.verbose)
    if shown.durations:
        terminal.render_durations(report, display.console, shown.durations)
    for failure in failures:
        click.echo(f"ffi-cts: {failure}", err=True)
    code = report.exit_code()
    raise SystemExit(HarnessError.exit_code if failures and code == 0 else code)


def _write_all(
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
