# SPDX-License-Identifier: Apache-2.0
"""The suite under plain pytest: options from the command line, results to pytest's reporters."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.engine.collecting import ConformancePlugin
from ffi_cts.engine.plan import Check
from ffi_cts.errors import FfiCtsError
from ffi_cts.expectations import load_expectations
from ffi_cts.report.files import check_writable
from ffi_cts.report.store import write
from ffi_cts.report.words import first_line, verdict_sentence, visible
from ffi_cts.results import CheckResult, Report, Status
from ffi_cts.session import Options, Session

_FAILED = {Status.FAIL, Status.CRASH, Status.TIMEOUT, Status.LOST, Status.ERROR}
_SKIPPED = {Status.UNSUPPORTED, Status.WAIVED}


def register(config: pytest.Config) -> None:
    """Add the plugins that run the collected checks against ``--ffi-target``.

    Raises:
        pytest.UsageError: the target or an option can't be used.
    """
    # Files of the same name in two folders are two modules, whatever the caller's settings say.
    config.option.importmode = "importlib"
    include, expect = config.getoption("--ffi-include"), config.getoption("--ffi-expect")
    profiles = config.getoption("--ffi-profile")
    json_file = config.getoption("--ffi-json")
    options = Options(
        target=config.getoption("--ffi-target"),
        profiles=tuple(each.strip() for each in profiles.split(",") if each.strip()),
        effort=config.getoption("--ffi-effort"),
        seed=config.getoption("--ffi-seed"),
        jobs=config.getoption("--ffi-jobs"),
        timeout_scale=config.getoption("--ffi-timeout-scale"),
        include=Path(include) if include else None,
        against=config.getoption("--ffi-against"),
        # pytest was told which files to collect, and may deselect some of their checks.
        partial=True,
        strict=config.getoption("--ffi-strict"),
    )

    def give_back_the_terminal() -> None:
        capture = config.pluginmanager.getplugin("capturemanager")
        if capture is not None:
            capture.stop_global_capturing()

    try:
        if json_file:
            check_writable(Path(json_file))
        session = Session(
            options,
            expectations=load_expectations(expect) if expect else None,
            before_restart=give_back_the_terminal,
        )
        session.__enter__()
    except FfiCtsError as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(lambda: session.__exit__(None, None, None))
    run = _Run(session, Path(json_file) if json_file else None)
    config.pluginmanager.register(run, "ffi-cts-run")
    config.pluginmanager.register(ConformancePlugin(run.loop), "ffi-cts-checks")
    for number, fixtures in enumerate(session.fixtures):
        config.pluginmanager.register(fixtures, f"ffi-cts-fixtures-{number}")


class _Run:
    """The plugin that shows results as they come, and says in the end what they amount to."""

    def __init__(self, session: Session, json_file: Path | None) -> None:
        self._session = session
        self._json_file = json_file
        self._report: Report | None = None

    def loop(self, session: pytest.Session, checks: list[Check]) -> None:
        try:
            with closing(self._session.run(checks)) as results:
                for check, result in results:
                    _show(session, check.item, result)
        except FfiCtsError as error:
            raise pytest.UsageError(str(error)) from error
        finally:
            self._report = self._session.report()
            if self._json_file is not None:
                write(self._report, self._json_file)
        if self._session.interrupted:
            raise KeyboardInterrupt
        if self._report.fails_by_strict or self._report.undecided:
            session.testsfailed += 1  # no check of its own tells of it

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        report = self._report
        if report is None:
            return
        terminalreporter.write_sep("=", f"ffi-cts: {visible(report.implementation.id)}")
        for finding in report.findings:
            terminalreporter.write_line(visible(f"{finding.id}: {first_line(finding.message)}"))
        for note in report.expectations.to_edit:
            text = f"expectation {note.check} ({note.outcome}): {note.detail or note.reason}"
            terminalreporter.write_line(visible(first_line(text)))
        terminalreporter.write_line(verdict_sentence(report))


def _show(session: pytest.Session, item: pytest.Function, result: CheckResult) -> None:
    """Have pytest's reporters (terminal, junit-xml, ``-x``) see a result."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    hook.pytest_runtest_logreport(report=_report(item, result))
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def _report(item: pytest.Item, result: CheckResult) -> pytest.TestReport:
    outcome: Any = "passed"
    longrepr: Any = None
    if result.status in _FAILED:
        outcome, longrepr = "failed", explain(result)
    elif result.status in _SKIPPED:
        path, line, _ = item.location
        outcome = "skipped"
        longrepr = (path, (line or 0) + 1, f"Skipped: {result.message or result.waiver}")
    sections = [("Captured output", result.output)] if result.output else []
    if result.status is Status.WARN:
        sections.append(("Warning", explain(result)))
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome=outcome,
        longrepr=longrepr,
        when="call",
        sections=sections,
        duration=result.seconds,
    )


def explain(result: CheckResult) -> str:
    """A deviation in plain text: what, with which arguments, after which calls."""
    parts = [result.message]
    if result.example:
        parts.append(result.example)
    if result.calls:
        parts.append("calls: " + "\n       ".join(result.calls[-10:]))
    if result.reproduce:
        parts.append(f"reproduce: {result.reproduce}")
    return "\n".join(parts)
