# SPDX-License-Identifier: Apache-2.0
"""One report as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

from ffi_cts.report.exchange import matrix, table
from ffi_cts.report.page import marks
from ffi_cts.report.page.base import environment
from ffi_cts.report.page.view import Maker, View, number_of
from ffi_cts.report.words import count, reasons
from ffi_cts.results import Report

_TEMPLATES = Path(__file__).with_name("templates")


def render(report: Report) -> str:
    """Give the page. What the library said is only text in it."""
    maker = Maker(report)
    view = maker.view()
    return (
        templates()
        .get_template("report.html")
        .render(
            report=report,
            view=view,
            because=reasons(report),
            facts=tuple(_facts(report)),
            machine=tuple(_machine(report)),
            sections=tuple(_sections(report, view)),
            choices=choices(report, maker),
            matrix=table(matrix(report)),
            cells=[cell for row in matrix(report) for cell in row if cell.clauses],
        )
    )


def templates() -> Environment:
    """The templates of the pages of reports."""
    made = environment(_TEMPLATES, "report.css", "report.js")
    made.globals.update(
        signs=marks.SIGNS,
        kind_of=marks.kind_of,
        words=marks.WORDS,
        verdict_signs=marks.VERDICT_SIGNS,
        kinds=marks.KINDS,
        commands=marks.COMMANDS,
    )
    return made


def choices(report: Report, maker: Maker) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What can be filtered by: the name of a field, and its values with what they are called."""
    levels = dict.fromkeys(check.level.value for check in report.checks)
    statuses = (
        *((f"k-{kind}", word) for kind, word in marks.KINDS.items()),
        *((status.value, marks.WORDS[status]) for status in marks.FINER),
    )
    found = (
        ("Status", statuses),
        ("Level", tuple((level, level) for level in levels)),
        ("Area", tuple((f"a{n}", name) for n, name in enumerate(maker.areas))),
        ("Profile", tuple((f"p{n}", name) for n, name in enumerate(maker.profiles))),
    )
    there = {f"k-{item.kind}" for item in maker.items.values()}
    there |= {key for item in maker.items.values() for key in item.keys.split()}
    return tuple(
        (name, tuple((key, word) for key, word in values if key in there)) for name, values in found
    )


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    implementation, run = report.implementation, report.run
    yield ("Library", implementation.path)
    yield ("sha256", implementation.sha256[:16])
    yield ("Says it is", implementation.reported_version)
    yield ("Suite", f"ffi-cts {report.suite.version}")
    profiles = f", {', '.join(run.profiles)}" if run.profiles else ""
    only = f", only {', '.join(run.only)}" if run.only else ""
    yield ("Run", f"{run.effort} effort, seed {run.seed}{profiles}{only}")
    yield ("Judged", run.started.replace("T", " ").replace("+00:00", " UTC"))
    yield ("Took", f"{run.seconds:.1f} s, {count(run.jobs, 'check')} at once")


def _machine(report: Report) -> Iterator[tuple[str, str]]:
    if report.machine is not None:
        machine = report.machine
        yield ("System", machine.system)
        yield ("C library", machine.libc)
        yield ("Processor", machine.cpu)
        yield ("Python", machine.python)


def _sections(report: Report, view: View) -> Iterator[tuple[str, str, int]]:
    """The sections that the page has, for its table of contents."""
    entries = report.expectations.to_edit
    for id, title, number in (
        ("matrix", "Producers and consumers", len(matrix(report))),
        ("areas", "Areas", len(view.areas)),
        ("functions", "Functions", len(view.present) + len(view.missing)),
        ("deviations", "Deviations", view.deviations),
        ("undecided", "Without a result", len(view.undecided)),
        ("warnings", "Warnings", number_of(view.warnings)),
        ("waived", "Waived", number_of(view.waived)),
        ("expectations", "Expectations to edit", len(entries) + len(view.surprises)),
        ("impossible", "Not possible", sum(len(reason.checks) for reason in view.reasons)),
        ("findings", "Findings", len(report.findings)),
        ("clauses", "Clauses", sum(len(area.clauses) for area in view.areas)),
    ):
        if number:
            yield (id, title, number)
