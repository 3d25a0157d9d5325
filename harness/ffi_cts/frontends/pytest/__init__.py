# SPDX-License-Identifier: Apache-2.0
"""The suite under plain pytest: options from the command line, results to pytest's reporters."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from ffi_cts.checks.fixtures import RuntimeFixtures
from ffi_cts.engine.collecting import ConformancePlugin
from ffi_cts.engine.efforts import configure_hypothesis, seed_all
from ffi_cts.engine.plan import Check
from ffi_cts.engine.scheduler import Scheduler, Timeouts
from ffi_cts.errors import FfiCtsError
from ffi_cts.library.elf import inspect_library
from ffi_cts.library.fetch import cache_root
from ffi_cts.library.targets import resolve
from ffi_cts.results import CheckResult, Status
from ffi_cts.session import Options, make_subject, second_library
from ffi_cts.subjects.runtime import probe

_FAILED = {Status.FAIL, Status.CRASH, Status.TIMEOUT, Status.LOST, Status.ERROR}
_SKIPPED = {Status.UNSUPPORTED, Status.WAIVED}


def register(config: pytest.Config) -> None:
    """Add the plugin that runs the collected checks against ``--ffi-target``.

    Raises:
        pytest.UsageError: the target can't be used.
    """
    # Files of the same name in two folders are two modules, whatever the caller's settings say.
    config.option.importmode = "importlib"
    include = config.getoption("--ffi-include")
    options = Options(
        target=config.getoption("--ffi-target"),
        effort=config.getoption("--ffi-effort"),
        seed=config.getoption("--ffi-seed"),
        jobs=config.getoption("--ffi-jobs"),
        timeout_scale=config.getoption("--ffi-timeout-scale"),
        include=Path(include) if include else None,
        against=config.getoption("--ffi-against"),
    )
    try:
        target = resolve(options.target)
        needed = frozenset(inspect_library(target.path).needed)
        found = probe(target, needed, 20.0 * options.timeout_scale)
    except FfiCtsError as error:
        raise pytest.UsageError(str(error)) from error
    configure_hypothesis(options.effort, options.seed, cache_root() / "hypothesis")

    def loop(session: pytest.Session, checks: list[Check]) -> None:
        seed_all(checks, options.seed)
        with contextlib.ExitStack() as stack:
            try:
                second = stack.enter_context(second_library(options.against))
            except FfiCtsError as error:
                raise pytest.UsageError(str(error)) from error
            subject = make_subject(target, found, options, second)
            timeouts = Timeouts.scaled(options.timeout_scale)
            scheduler = Scheduler(options.parallel, timeouts, options.command())
            for check in checks:
                scheduler.add(check, subject)
            for job, result in scheduler.run():
                _show(session, job.check.item, result)

    config.pluginmanager.register(ConformancePlugin(loop), "ffi-cts-checks")
    config.pluginmanager.register(RuntimeFixtures(), "ffi-cts-fixtures")


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
