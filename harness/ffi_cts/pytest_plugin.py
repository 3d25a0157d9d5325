# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin that collects the checks and runs each in a child of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ffi_cts._fetch import cache_root
from ffi_cts._paths import resource
from ffi_cts.abi import load
from ffi_cts.checks.context import current
from ffi_cts.checks.native import native
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine.judge import recorder
from ffi_cts.engine.plan import Check, to_check
from ffi_cts.engine.warm import warm
from ffi_cts.results import CheckResult, Status

_FAILED = {Status.FAIL, Status.CRASH, Status.TIMEOUT, Status.LOST, Status.ERROR}
_SKIPPED = {Status.UNSUPPORTED, Status.WAIVED}


class ConformancePlugin:
    """Collects the checks and hands them to ``loop`` in place of pytest's own loop.

    ``loop(checks, show)`` runs them and calls ``show(result)`` for each result, which
    makes pytest's reporters (terminal, junit-xml, ``-x``) see it.
    """

    def __init__(self, loop: Callable[[list[Check], Callable[[CheckResult], None]], None]) -> None:
        self._loop = loop
        self._checks: list[Check] = []
        self._session: pytest.Session | None = None

    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        root, clauses = resource("conformance").resolve(), load().clauses
        self._checks = [to_check(item, root, clauses) for item in items]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        self._session = session
        session.config.pluginmanager.register(recorder, "ffi-cts-recorder")
        warm()
        wanted = {id(item) for item in session.items}  # -k and friends deselect after collection
        self._loop([check for check in self._checks if id(check.item) in wanted], self._show)
        return True

    def _show(self, result: CheckResult) -> None:
        session = self._session
        if session is None:
            raise RuntimeError("results come while pytest runs its loop")
        item = next(check.item for check in self._checks if check.id == result.id)
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        hook.pytest_runtest_logreport(report=_report(item, result))
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)

    # What checks ask for by name.

    @pytest.fixture
    def runtime(self) -> Iterator[Runtime]:
        """The implementation under test."""
        runtime = loaded(current().target, "the library")
        yield runtime
        runtime.finish()

    @pytest.fixture
    def second(self) -> Runtime:
        """A second implementation in the same process: the reference, or what --against names."""
        name, path = current().against[0]
        return loaded(path, name)

    @pytest.fixture
    def headers(self) -> Path:
        """Folder with the C headers to judge: the implementer's own, or the generated ones."""
        return current().include or resource("include")

    @pytest.fixture
    def release(self) -> str:
        """The release the library was published as; skips where that is unknown."""
        version = current().release
        if version is None:
            pytest.skip("the target is no published release")
        return version


def loaded(path: Path, name: str) -> Runtime:
    """Load a library and give crashes their default handling back."""
    crumbs = current().crumbs
    if crumbs is not None:
        crumbs.enter(f"dlopen of {name} (its constructors)")
    runtime = Runtime(path, name)
    if crumbs is not None:
        crumbs.begin_example()
    native.cts_signals_default()
    return runtime


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


def configure_hypothesis(effort: str, seed: int) -> None:
    """Load the Hypothesis profile of an effort; deterministic unless ``seed`` is not 0."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.configuration import set_hypothesis_home_dir

    # Its default is the current folder, where it would leave files, and believe what it finds.
    set_hypothesis_home_dir(cache_root() / "hypothesis")
    examples = {"quick": 15, "standard": 100, "deep": 2000}[effort]
    settings.register_profile(
        "ffi-cts",
        max_examples=examples,
        stateful_step_count={"quick": 15, "standard": 30, "deep": 80}[effort],
        derandomize=seed == 0,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    settings.load_profile("ffi-cts")


def seed_all(checks: list[Check], seed: int) -> None:
    """Have every property start from ``seed``."""
    from hypothesis import seed as seeded

    if seed == 0:
        return
    for check in checks:
        if hasattr(check.item.obj, "hypothesis"):
            seeded(seed)(check.item.obj)
