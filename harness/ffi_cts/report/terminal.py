# SPDX-License-Identifier: Apache-2.0
"""The report for a person at a terminal, or reading the log of a CI job."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ffi_cts.report.words import (
    deviations,
    first_line,
    shortened,
    verdict_sentence,
    visible,
    with_status,
)
from ffi_cts.results import CheckResult, ExpectationNote, Report, Status, Verdict

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


def render(report: Report, console: Console) -> None:
    """Print the report on the console. Text from the library can't act on the terminal."""
    page = _Page(console)
    _header(page, report)
    for check in deviations(report):
        _block(page, check)
    for check in with_status(report, Status.ERROR, Status.LOST):
        _block(page, check, "the suite's own fault, not the implementation's")
    _short_list(page, "Warnings (clauses below MUST that do not hold)", report, Status.WARN)
    _short_list(page, "Waived by the expectation file", report, Status.WAIVED)
    _notes(page, "Passes, though expected to fail", report.expectations.unexpected_passes)
    _notes(page, "Expectations that match nothing", report.expectations.unmatched)
    _notes(page, "Expectations that have expired", report.expectations.expired)
    if report.findings:
        page.line("Findings", style="bold")
        for finding in report.findings:
            page.line(f"  {finding.id}: {first_line(finding.message, 400)}")
        page.line("")
    _summary(page, report)


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
    page.field("run", f"{report.run.effort} effort, seed {report.run.seed}, {profiles}")
    if report.machine is not None:
        machine = report.machine
        facts = (machine.system, machine.libc, machine.cpu, f"Python {machine.python}")
        page.field("machine", ", ".join(fact for fact in facts if fact))
    for companion in report.companions:
        page.field(companion.role, f"{companion.id} {companion.sha256[:16]}")
    page.line("")


def _block(page: _Page, check: CheckResult, remark: str = "") -> None:
    page.parts(
        (f"{check.status.value.upper():<8}", _STYLES[check.status]),
        (check.id, "bold"),
        (f"  [{check.level.value}] {', '.join(check.clauses)}", ""),
    )
    page.field("note", remark)
    page.field("message", check.message)
    page.field("in call", check.in_call)
    page.field("example", check.example)
    hidden = len(check.calls) - _LAST_CALLS
    calls = [f"({hidden} earlier)"] if hidden > 0 else []
    page.field("calls", "\n".join([*calls, *check.calls[-_LAST_CALLS:]]))
    page.field("output", "\n".join(check.output.splitlines()[-_LAST_CALLS:]))
    page.field("reproduce", check.reproduce)
    page.line("")


def _short_list(page: _Page, title: str, report: Report, status: Status) -> None:
    checks = with_status(report, status)
    if not checks:
        return
    page.line(title, style="bold")
    for check in checks:
        text = check.waiver if status is Status.WAIVED else check.message or check.in_call
        page.parts(
            (f"  {check.raw_outcome:<8}", _STYLES[status]),
            (check.id, ""),
            (f"  [{check.level.value}] {', '.join(check.clauses)}  {first_line(text)}", "dim"),
        )
    page.line("")


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
        (f"  ({len(report.checks)} checks in {report.run.seconds:.1f} s)", "dim"),
    )


def _profiles(report: Report) -> list[tuple[str, str]]:
    """The verdict on each profile, in one line."""
    parts: list[tuple[str, str]] = []
    for profile, verdict in report.verdicts.items():
        parts += [(f"{', ' if parts else ''}{profile} ", "dim")]
        parts += [(verdict.value, _VERDICT_STYLES[verdict])]
    return parts
