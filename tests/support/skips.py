# SPDX-License-Identifier: Apache-2.0
"""Skips are pinned: with ``--allowed-skips FILE``, one that the file does not list fails the run.

A line of the file is `GLOB of the test: GLOB of the reason`; what follows a # is a comment.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import define, field, frozen

from ffi_cts.globs import fits


@frozen
class Allowed:
    """A skip that is known: globs of the test's id and of the reason."""

    test: str
    reason: str

    def covers(self, test: str, reason: str) -> bool:
        """Whether it is this skip."""
        return fits(test, self.test) and fits(reason, self.reason)


def read(file: Path) -> tuple[Allowed, ...]:
    """Read a file of allowed skips. Raises UsageError for a line that can't be understood."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        test, separator, reason = text.partition(": ")
        if not separator:
            raise pytest.UsageError(f"{file}:{number}: {text!r} is no `TEST: REASON`")
        found.append(Allowed(test.strip(), reason.strip()))
    return tuple(found)


@define
class SkipGuard:
    """Plugin that looks at every skip. Under pytest-xdist the controlling process sees them."""

    allowed: tuple[Allowed, ...]
    strange: list[str] = field(factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at a test, but not at an expected failure, which is reported alike."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._look(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Look at a file that was skipped as a whole."""
        if report.skipped:
            self._look(report.nodeid, report.longrepr)

    def _look(self, test: str, reason: object) -> None:
        text = str(reason[2] if isinstance(reason, tuple) else reason).removeprefix("Skipped: ")
        if not any(each.covers(test, text) for each in self.allowed):
            self.strange.append(f"{test}: {text}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run."""
        if self.strange and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name them."""
        if self.strange:
            terminalreporter.section("skips that are not allowed")
            for line in self.strange:
                terminalreporter.write_line(line)
