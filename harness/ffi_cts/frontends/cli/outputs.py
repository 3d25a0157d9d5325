# SPDX-License-Identifier: Apache-2.0
"""What ``run`` and ``report`` turn a report into, beside what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from ffi_cts.frontends.cli.parameters import OUTPUT

if TYPE_CHECKING:
    from ffi_cts.results import Report

_OPTIONS = (
    click.option("--junit", type=OUTPUT, metavar="FILE", help="Write JUnit XML."),
    click.option("--markdown", type=OUTPUT, metavar="FILE", help="Write a CI summary."),
    click.option(
        "--html",
        type=OUTPUT,
        metavar="FILE",
        help="Write one self-contained page.",
    ),
    click.option("--sarif", type=OUTPUT, metavar="FILE", help="Write SARIF 2.1.0."),
    click.option(
        "--badge",
        type=OUTPUT,
        metavar="FILE",
        help="Write a badge: SVG, or JSON for shields.io if FILE ends in .json.",
    ),
    click.option(
        "--annotations",
        is_flag=True,
        help="Print GitHub annotations, and nothing else, on standard output.",
    ),
)


@frozen(kw_only=True)
class Outputs:
    """The files that were asked for."""

    junit: Path | None
    markdown: Path | None
    html: Path | None
    sarif: Path | None
    badge: Path | None
    annotations: bool

    def named(self) -> Mapping[str, Path | None]:
        """Each by its option. Annotations are a file too: nothing else may stand there."""
        from ffi_cts.report.files import STDOUT

        return {
            "--junit": self.junit,
            "--markdown": self.markdown,
            "--html": self.html,
            "--sarif": self.sarif,
            "--badge": self.badge,
            "--annotations": STDOUT if self.annotations else None,
        }

    def writers(self) -> list[tuple[Path, Callable[[Report], str]]]:
        """Each file that was asked for, with what gives its text."""
        from ffi_cts.report import badge, github, junit, markdown, sarif

        found = (
            ("--junit", junit.render),
            ("--markdown", markdown.render),
            ("--html", _page),
            ("--sarif", sarif.render),
            ("--badge", badge.for_file(self.badge or Path())),
            ("--annotations", github.render),
        )
        named = self.named()
        return [(file, text) for name, text in found if (file := named[name]) is not None]


SEVERAL = ("--markdown", "--html")
"""Outputs that can tell of several targets."""


def _page(report: Report) -> str:
    from ffi_cts.report.page.render import render  # brings Jinja2

    return render(report)


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets them as one argument, ``outputs``."""

    @wraps(command)
    def collected(
        *,
        junit: Path | None,
        markdown: Path | None,
        html: Path | None,
        sarif: Path | None,
        badge: Path | None,
        annotations: bool,
        **others: object,
    ) -> None:
        outputs = Outputs(
            junit=junit,
            markdown=markdown,
            html=html,
            sarif=sarif,
            badge=badge,
            annotations=annotations,
        )
        command(outputs=outputs, **others)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected
