# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ffi_cts.frontends.cli.outputs import SEVERAL, Outputs, output_options
from ffi_cts.frontends.cli.parameters import FILE, OUTPUT

if TYPE_CHECKING:
    from ffi_cts.results import Report


@click.command()
@click.argument("saved", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option(
    "--json",
    "json_file",
    type=OUTPUT,
    metavar="FILE",
    help="Write the report, or the table.",
)
@output_options
@click.option("-v", "--verbose", is_flag=True, help="Show every deviation, or clause, in full.")
@click.option("--strict", is_flag=True, help="Exit as `run --strict` would have.")
def report(
    saved: tuple[Path, ...],
    json_file: Path | None,
    outputs: Outputs,
    verbose: bool,
    strict: bool,
) -> None:
    """Show a saved JSON report again, or turn it into another format.

    \b
    One report:         ffi-cts report r.json --html page.html
    Several targets:    ffi-cts report a.json b.json      which clauses differ, and since when
    Parts of one run:   ffi-cts report part*.json --json r.json

    The parts that `ffi-cts run --shard` wrote are put together; if one is missing, the verdict
    is `incomplete`. In the table of several targets waived deviations count. The exit code is
    that of the runs, the worst of several.
    """
    from ffi_cts.report import files
    from ffi_cts.results import worst_exit_code

    taken = files.check_outputs(
        {"--json": json_file, **outputs.named()},
        {"FILE" if len(saved) == 1 else f"FILE {file}": file for file in saved},
    )
    reports, names = _read(saved, strict=strict)
    if len(reports) > 1:
        _several(reports, names, json_file, outputs, taken=taken, verbose=verbose)
    else:
        _one(reports[0], json_file, outputs, verbose=verbose)
    raise SystemExit(worst_exit_code(reports))


def _read(saved: Sequence[Path], *, strict: bool) -> tuple[list[Report], list[str]]:
    """The reports, parts put together, and what tells them apart.

    Raises:
        UsageError: a file is none of a report, or the files don't belong together.
    """
    import attrs

    from ffi_cts.errors import UsageError
    from ffi_cts.report import store

    found = [(store.read(file), str(file)) for file in saved]
    of: dict[tuple[str, str], list[tuple[Report, str]]] = {}
    for each, name in found:
        of.setdefault((each.implementation.id, each.implementation.sha256), []).append((each, name))
    if len(of) > 1 and any(each.part for each, _ in found):
        alone = [pairs[0] for pairs in of.values() if len(pairs) == 1 and pairs[0][0].part]
        if len(alone) == len(of):
            # One part of each of several libraries: somebody thinks that they are one run.
            (_, one), (_, other) = alone[:2]
            raise UsageError(
                f"{one} and {other} are parts of runs on different libraries.",
                "Give the parts of one run, or all parts of each.",
            )
    reports, names = [], []
    for pairs in of.values():
        if any(each.part for each, _ in pairs):
            from ffi_cts.parts import merge

            merged = merge([each for each, _ in pairs], [name for _, name in pairs])
        elif len(pairs) == 1:
            merged = pairs[0][0]
        else:
            raise UsageError(
                f"{pairs[0][1]} and {pairs[1][1]} are both reports on {merged_id(pairs[0][0])}.",
                "To compare two runs, use `ffi-cts diff`.",
            )
        reports.append(merged)
        names.append(pairs[0][1])
    if strict:
        reports = [attrs.evolve(r, run=attrs.evolve(r.run, strict=True)) for r in reports]
    return reports, names


def merged_id(report: Report) -> str:
    """What messages call the library of a report."""
    from ffi_cts.report.words import visible

    return visible(f"{report.implementation.id} {report.implementation.sha256[:16]}")


def _one(report: Report, json_file: Path | None, outputs: Outputs, *, verbose: bool) -> None:
    from ffi_cts.report import files, store

    writers = outputs.writers()
    if json_file is not None:
        writers.append((json_file, store.to_json))
    for target, text in writers:
        files.write_text(target, text(report))
    if not writers:
        from rich.console import Console

        from ffi_cts.report import terminal

        terminal.render(report, Console(soft_wrap=True, highlight=False), every=verbose)


def _several(
    reports: Sequence[Report],
    names: Sequence[str],
    json_file: Path | None,
    outputs: Outputs,
    *,
    taken: bool,
    verbose: bool,
) -> None:
    from rich.console import Console

    from ffi_cts.frontends.cli.several import refuse_single, table_files
    from ffi_cts.report import files, matrix_views
    from ffi_cts.report.matrix import build

    single = {k: v for k, v in outputs.named().items() if k not in SEVERAL}
    refuse_single(single, len(reports))
    found = build(reports, names)
    if json_file is not None:
        files.write_text(json_file, matrix_views.to_json(found))
    for file, text in table_files(found, outputs.markdown, outputs.html):
        files.write_text(file, text)
    if json_file is None and outputs.markdown is None and outputs.html is None:
        console = Console(stderr=taken, soft_wrap=True, highlight=False)
        matrix_views.render(found, console, every=verbose)
