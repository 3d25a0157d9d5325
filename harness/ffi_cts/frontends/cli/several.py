# SPDX-License-Identifier: Apache-2.0
"""What ``run`` does with more than one target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from ffi_cts.errors import UsageError

if TYPE_CHECKING:
    from ffi_cts.expectations import Expectations
    from ffi_cts.frontends.cli.judging import Shown
    from ffi_cts.frontends.cli.progress import Display
    from ffi_cts.report.matrix import Matrix
    from ffi_cts.results import Report
    from ffi_cts.session import Options

_UNSAFE = re.compile(r"[^A-Za-z0-9._=+-]")
_LONGEST = 120
"""Characters of a name, of 255 that a file system takes: room for what is put behind it."""


def file_names(words: Sequence[str], shard: tuple[int, int] | None = None) -> list[str]:
    """A name for the report on each target, which is safe in a shell and given once."""
    part = f".part{shard[0]}of{shard[1]}" if shard else ""
    names: list[str] = []
    for word in words:
        stem = _UNSAFE.sub("_", Path(word).name if "/" in word else word).lstrip(".-")
        stem, number = stem[:_LONGEST] or "target", 1
        name = f"{stem}{part}.json"
        while name.casefold() in {other.casefold() for other in names}:
            number += 1
            name = f"{stem}-{number}{part}.json"
        names.append(name)
    return names


def in_folder(
    folder: Path | None, words: Sequence[str], shard: tuple[int, int] | None
) -> dict[str, Path]:
    """The file of the report on each target in ``folder``, which is made if need be.

    Raises:
        UsageError: it is no folder, or can't be made.
    """
    if folder is None:
        return {}
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"--json-dir {folder}: {error.strerror or error}.",
            "Give a folder, or the name of one to be made in a folder that exists.",
        ) from error
    return {word: folder / name for word, name in zip(words, file_names(words, shard), strict=True)}


def refuse_single(outputs: Mapping[str, Path | None], number: int) -> None:
    """Refuse what holds one report where there are several.

    Raises:
        UsageError: one of them was asked for.
    """
    for option, file in outputs.items():
        if file is not None:
            raise UsageError(
                f"{option} is about one target, and {number} were given.",
                "Write a report on each with --json-dir DIR: `ffi-cts report DIR/NAME.json` turns "
                "it into every format, and `ffi-cts report DIR/*.json` shows them side by side.",
            )


@frozen(kw_only=True)
class Files:
    """What is written: the table, and the report on each target."""

    markdown: Path | None
    html: Path | None
    reports: Mapping[str, Path]


def judge_several(
    options: Sequence[Options],
    expectations: Expectations | None,
    display: Display,
    shown: Shown,
    written: Files,
) -> int:
    """Judge several targets, show them side by side, and give the exit code.

    Raises:
        UsageError: a target or an option can't be used; nothing was judged then.
    """
    from ffi_cts.campaign import judge_all
    from ffi_cts.frontends.cli.last_failed import remember
    from ffi_cts.report import files, matrix_views, store
    from ffi_cts.report.matrix import build
    from ffi_cts.results import EXIT_HARNESS, worst_exit_code

    words = [each.target for each in options]
    with display:
        reports = judge_all(options, expectations, display.callbacks())
    found = build(reports, words)
    texts = [
        (file, store.to_json(report))
        for file, report in zip(written.reports.values(), reports, strict=False)
    ]
    texts += table_files(found, written.markdown, written.html)
    failures = []
    for file, text in texts:
        try:
            files.write_text(file, text)
        except UsageError as error:  # the disk filled up meanwhile: the rest still counts
            failures.append(str(error))
    for word, report in zip(words, reports, strict=True):
        remember(word, report)
    if shown.quiet:
        for label, report in zip(found.labels, found.reports, strict=True):
            click.echo(f"{label}: {report.verdict.value}", err=shown.taken)
    else:
        _show(found.labels, found.reports, display, shown)
        if not shown.oneline:
            console = display.console
            matrix_views.render(found, console, every=shown.verbose)
    for failure in failures:
        click.echo(f"ffi-cts: {failure}", err=True)
    code = worst_exit_code(reports)
    return EXIT_HARNESS if failures and code == 0 else code


def table_files(matrix: Matrix, markdown: Path | None, html: Path | None) -> list[tuple[Path, str]]:
    """The files that show several targets side by side, with their texts."""
    from ffi_cts.report import matrix_views

    texts = [(markdown, matrix_views.markdown(matrix))] if markdown is not None else []
    if html is not None:
        from ffi_cts.report.page.targets import render  # brings Jinja2

        texts.append((html, render(matrix)))
    return texts


def _show(labels: Sequence[str], reports: Sequence[Report], display: Display, shown: Shown) -> None:
    from ffi_cts.report import terminal

    console = display.console
    for label, report in zip(labels, reports, strict=True):
        if shown.oneline:
            terminal.render_lines(report, console, label=label)
        elif shown.verbose:
            terminal.render(report, console, every=True)
            console.print()
        if shown.durations:
            terminal.render_durations(report, console, shown.durations, label=label)
