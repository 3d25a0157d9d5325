# SPDX-License-Identifier: Apache-2.0
"""The report for a person at a terminal, or reading the log of a CI job."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ffi_cts.report.exchange import matrix, table
from ffi_cts.report.triage import Group, grouped, in_order, reasons_of, standing
from ffi_cts.report.words import (
    count,
    debug_command,
    deviations,
    first_line,
    observation,
    shortened,
    verdict_sentence,
    visible,
    with_status,
)
from ffi_cts.results import (
    DEVIATIONS,
    UNDECIDED,
    CheckResult,
    ExpectationNote,
    Part,
    Report,
    Status,
    Verdict,
)

_STYLES = {
    Status.PASS: "green",
    Status.FAIL: "bold red",
    Status.CRASH: "bold red",
    Status.TIMEOUT: "bold red",
    Status.WARN: "yellow",
    Status.UNSUPPORTED: "dim",
    Status.WAIVED: "cyan",
    Status.UNEXPECTED_PASS: "magenta",
    Status.LOST: "bold magenta",
    Status.ERROR: "bold magenta",
}
_VERDICT_STYLES = {
    Verdict.CONFORMANT: "bold green",
    Verdict.NONCONFORMANT: "bold red",
    Verdict.INCOMPLETE: "bold yellow",
}
_LAST_CALLS = 10
_FULL = 8
"""Groups of deviations that are shown in full without -v."""
_NAMED = 8
"""Missing functions that the header names."""
_MANY = 10
"""Checks of a selection for which there is a table of areas."""
_LACKING = 2
"""Missing functions that the line of an area names."""
_REASONS = 8
"""Reasons why checks are not possible that are told without -v."""


def render(report: Report, console: Console, *, every: bool = False) -> None:
    """Print the report on the console. Text from the library can't act on the terminal.

    Of deviations that share how the library went wrong, the most basic is shown in full and the
    others with a line each; ``every`` shows all of them in full.
    """
    page = _Page(console)
    _header(page, report)
    _standing(page, report)
    _deviations(page, deviations(report), every=every)
    for check in with_status(report, Status.ERROR, Status.LOST):
        _block(page, check, "the suite's own fault, not the implementation's")
    _warnings(page, with_status(report, Status.WARN), every=every)
    _impossible(page, with_status(report, Status.UNSUPPORTED), every=every)
    _waived(page, with_status(report, Status.WAIVED))
    _notes(page, "Passes, though expected to fail", report.expectations.unexpected_passes)
    _notes(page, "Expectations that match nothing", report.expectations.unmatched)
    _notes(page, "Expectations that have expired", report.expectations.expired)
    _notes(page, "Expectations that are there twice", report.expectations.duplicates)
    if report.findings:
        page.line("Findings", style="bold")
        for finding in report.findings:
            page.line(f"  {finding.id}: {first_line(finding.message, 400)}")
        page.line("")
    _matrix(page, report)
    _summary(page, report)


def render_check(check: CheckResult, console: Console | None = None) -> None:
    """Print one deviation in full."""
    _block(_Page(console or Console()), check)


def render_lines(report: Report, console: Console, *, label: str = "") -> None:
    """Print one line for each deviation and each warning, then the verdict: for grep.

    ``label`` begins every line, where several reports are printed.
    """
    page = _Page(console)
    begin = f"{label}: " if label else ""
    for check in in_order(report.checks):
        if check.status in DEVIATIONS | UNDECIDED | {Status.WARN}:
            page.parts(
                (begin, ""),
                (f"{check.status.value}", _STYLES[check.status]),
                (f" {check.id} {','.join(check.clauses)}: ", ""),
                (first_line(observation(check)), "dim"),
            )
    page.line(begin + verdict_sentence(report), style=_VERDICT_STYLES[report.verdict])


def render_durations(report: Report, console: Console, number: int, *, label: str = "") -> None:
    """Print the checks that took longest; ``label`` says of which of several reports."""
    page = _Page(console)
    page.line(f"The {number} slowest checks{label and f' of {label}'}", style="bold")
    slowest = sorted(report.checks, key=lambda check: -check.seconds)
    for check in slowest[:number]:
        page.line(f"  {check.seconds:8.2f} s  {check.id}")


class _Page:
    """Prints lines without interpreting them: no markup, no highlighting, no control codes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, text: str, style: str = "") -> None:
        self.parts((text, style))

    def parts(self, *parts: tuple[str, str]) -> None:
        # Lines are not wrapped: commands can be copied, and logs can be searched.
        line = Text(end="")
        for text, style in parts:
            line.append(self._safe(text), style=style or None)
        self._console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def field(self, name: str, text: str) -> None:
        if not text:
            return
        first, *rest = shortened(text).splitlines() or [""]
        self.parts((f"    {name:<10}", "dim"), (first, ""))
        for line in rest:
            self.line(f"    {'':<10}{line}")

    def _safe(self, text: str) -> str:
        # A tab would break the columns, a newline would escape the indentation.
        shown = visible(text).replace("\t", "    ").replace("\n", " ")
        encoding = self._console.encoding
        return shown.encode(encoding, "backslashreplace").decode(encoding)


def _header(page: _Page, report: Report) -> None:
    implementation = report.implementation
    page.line(f"{implementation.id}", style="bold")
    page.field("library", implementation.path)
    page.field("sha256", implementation.sha256[:16])
    page.field("reports", implementation.reported_version)
    page.field("suite", f"ffi-cts {report.suite.version}")
    profiles = ", ".join(report.run.profiles) or "all profiles"
    part = "" if report.part is None else f", {_part(report.part)}"
    page.field("run", f"{report.run.effort} effort, seed {report.run.seed}, {profiles}{part}")
    if report.machine is not None:
        machine = report.machine
        facts = (machine.system, machine.libc, machine.cpu, f"Python {machine.python}")
        page.field("machine", ", ".join(fact for fact in facts if fact))
    for companion in report.companions:
        page.field(companion.role, f"{companion.id} {companion.sha256[:16]}")
    page.line("")


def _part(part: Part) -> str:
    """Which share of the selection a report holds."""
    numbers = ", ".join(str(number) for number in part.numbers)
    return f"part{'s' if len(part.numbers) > 1 else ''} {numbers} of {part.of}"


def _standing(page: _Page, report: Report) -> None:
    """How far the implementation is: a few lines that say where to begin.

    What was selected says nothing of whole areas, and a few checks are read as they are.
    """
    if matrix(report):
        return  # which says more
    found = standing(report)
    partial = report.run.partial
    if not found.areas or (partial and len(report.checks) < _MANY):
        return
    holding = sum(area.holds for area in found.areas)
    functions = f"{len(found.present)} of {len(found.present) + len(found.missing)} functions"
    areas = f"{holding} of {count(len(found.areas), 'area')} hold"
    page.field("stands", functions if partial else f"{functions}, {areas}")
    if not partial:
        page.field("missing", _some(found.missing, _NAMED))
    page.line("")
    if all(area.holds and not area.lacking for area in found.areas):
        return
    width = max(len(area.name) for area in found.areas)
    page.line(f"  {'area':<{width}}  held  deviate  not possible", style="bold")
    for area in found.areas:
        numbers = f"  {area.held:>4}  {area.deviating:>7}  {area.impossible:>12}"
        notes = [
            f"lacks {_some(area.lacking, _LACKING)}" if area.lacking else "",
            f"rests on {', '.join(area.shaky)}" if area.shaky and not area.holds else "",
        ]
        note = "; ".join(filter(None, notes))
        style = "green" if area.holds else "bold red" if area.deviating else "dim"
        page.parts(
            (f"  {area.name:<{width}}", style), (numbers, ""), (f"   {note}" if note else "", "dim")
        )
    page.line("")


def _some(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f", and {more} more" if more > 0 else "")


def _deviations(page: _Page, checks: list[CheckResult], *, every: bool) -> None:
    if every:
        for check in in_order(checks):
            _block(page, check)
        return
    groups = grouped(checks)
    if len(groups) < len(checks) or len(groups) > _FULL:
        page.line(
            f"{count(len(checks), 'deviation')} in {count(len(groups), 'group')}, the most basic "
            "first; -v shows each in full",
            style="bold",
        )
        page.line("")
    for group in groups[:_FULL]:
        _block(page, group.first, gap=not group.others)
        for check in group.others:
            page.parts(
                (f"  also    {check.id}", ""),
                (f"  [{check.level.value}] {', '.join(check.clauses)}", "dim"),
            )
        if group.others:
            page.line("")
    for group in groups[_FULL:]:
        check = group.first
        times = f" x{len(group.every)}" if group.others else ""
        page.parts(
            (f"{check.status.value.upper() + times:<10}", _STYLES[check.status]),
            (f"{check.id}  ", ""),
            (first_line(observation(check)), "dim"),
        )
    if groups[_FULL:]:
        page.line("")


def _matrix(page: _Page, report: Report) -> None:
    """Who can hand a tensor to whom."""
    rows = matrix(report)
    if not rows:
        return
    words = table(rows)
    widths = [max(len(row[column]) for row in words) for column in range(len(words[0]))]
    page.line("  ".join(map(str.ljust, words[0], widths)).rstrip(), style="bold")
    for row, line in zip(rows, words[1:], strict=True):
        styles = ["bold", *(_STYLES[cell.status] if cell.status else "dim" for cell in row)]
        cells = [f"{word:<{width}}  " for word, width in zip(line, widths, strict=True)]
        page.parts(*zip(cells, styles, strict=True))
    page.line("")
    for cell in (cell for row in rows for cell in row if cell.clauses):
        page.line(f"  {cell.producer} -> {cell.consumer}: {cell.word}: {', '.join(cell.clauses)}")
    page.line("")


def _impossible(page: _Page, checks: list[CheckResult], *, every: bool) -> None:
    if not checks:
        return
    page.line(f"Not possible ({len(checks)} checks), because", style="bold")
    reasons = reasons_of(checks)
    for reason, lacking in reasons if every else reasons[:_REASONS]:
        page.parts((f"  {len(lacking):>4}  ", "dim"), (first_line(reason, 120), ""))
        for check in lacking if every else ():
            page.line(f"        {check.id}", style="dim")
    left = sum(len(lacking) for _, lacking in reasons[_REASONS:])
    if left and not every:
        page.line(f"  {left:>4}  for {count(len(reasons) - _REASONS, 'other reason')}; see -v")
    page.line("")


def _block(page: _Page, check: CheckResult, remark: str = "", *, gap: bool = True) -> None:
    page.parts(
        (f"{check.status.value.upper():<8}", _STYLES[check.status]),
        (check.id, "bold"),
        (f"  [{check.level.value}] {', '.join(check.clauses)}", ""),
    )
    page.field("note", remark)
    page.field("message", check.message)
    page.field("fault", check.fault)
    page.field("in call", check.in_call)
    page.field("example", check.example)
    hidden = len(check.calls) - _LAST_CALLS
    calls = [f"({hidden} earlier)"] if hidden > 0 else []
    page.field("calls", "\n".join([*calls, *check.calls[-_LAST_CALLS:]]))
    page.field("stack", "\n".join(check.stack))
    page.field("output", "\n".join(check.output.splitlines()[-_LAST_CALLS:]))
    page.field("reproduce", check.reproduce)
    page.field("debug", debug_command(check))
    if gap:
        page.line("")


def _aside(page: _Page, name: str, text: str) -> None:
    if text:
        page.line(f"            {name:<10}{first_line(text, 400)}", style="dim")


def _warnings(page: _Page, checks: list[CheckResult], *, every: bool) -> None:
    if not checks:
        return
    page.line("Warnings (clauses below MUST that do not hold)", style="bold")
    for group in [Group(first=check) for check in in_order(checks)] if every else grouped(checks):
        check = group.first
        times = f" x{len(group.every)}" if group.others else ""
        _short(page, check, observation(check) or check.in_call, times)
        _aside(page, "example", "; ".join(check.example.splitlines()))
        _aside(page, "reproduce", check.reproduce)
    page.line("")


def _waived(page: _Page, checks: list[CheckResult]) -> None:
    if not checks:
        return
    page.line("Waived by the expectation file", style="bold")
    for check in checks:
        _short(page, check, check.waiver)
    page.line("")


def _short(page: _Page, check: CheckResult, text: str, times: str = "") -> None:
    page.parts(
        (f"  {check.raw_outcome + times:<8}", _STYLES[check.status]),
        (check.id, ""),
        (f"  [{check.level.value}] {', '.join(check.clauses)}  {first_line(text)}", "dim"),
    )


def _notes(page: _Page, title: str, notes: tuple[ExpectationNote, ...]) -> None:
    if not notes:
        return
    page.line(title, style="bold")
    for note in notes:
        page.line(f"  {note.check} ({note.outcome}): {first_line(note.detail or note.reason)}")
    page.line("")


def _summary(page: _Page, report: Report) -> None:
    for status in Status:
        number = report.summary[status.value]
        # The everyday statuses are always shown, so that nobody has to guess at a zero.
        if number or status in (Status.PASS, Status.FAIL, Status.CRASH, Status.TIMEOUT):
            name = status.value.replace("_", " ")
            page.parts((f"{number:>6} ", ""), (name, _STYLES[status] if number else "dim"))
    page.line("")
    if len(report.verdicts) > 1:
        page.parts(*_profiles(report))
    page.parts(
        (verdict_sentence(report), _VERDICT_STYLES[report.verdict]),
        (f"  ({count(len(report.checks), 'check')} in {report.run.seconds:.1f} s)", "dim"),
    )


def _profiles(report: Report) -> list[tuple[str, str]]:
    """The verdict on each profile, in one line."""
    parts: list[tuple[str, str]] = []
    for profile, verdict in report.verdicts.items():
        parts += [(f"{', ' if parts else ''}{profile} ", "dim")]
        parts += [(verdict.value, _VERDICT_STYLES[verdict])]
    return parts
