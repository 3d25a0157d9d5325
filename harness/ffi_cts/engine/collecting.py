# SPDX-License-Identifier: Apache-2.0
"""Collects the checks with pytest, and hands them over while pytest is alive."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from ffi_cts._paths import resource
from ffi_cts.abi import load
from ffi_cts.engine.judge import recorder
from ffi_cts.engine.plan import Check, to_check
from ffi_cts.engine.warm import warm
from ffi_cts.errors import HarnessError

_UNUSED_PLUGINS = (
    *("terminal", "cacheprovider", "faulthandler", "junitxml"),
    *("doctest", "warnings", "logging", "capture"),
)


class ConformancePlugin:
    """Collects the checks and hands them to ``loop`` in place of pytest's own loop.

    ``loop(session, checks)`` runs those that pytest has not deselected.
    """

    def __init__(self, loop: Callable[[pytest.Session, list[Check]], None]) -> None:
        self._loop = loop
        self._checks: list[Check] = []
        self._modules = dict(sys.modules)
        self.broken = 0
        """Files of checks that could not be imported."""

    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Make checks of what was collected."""
        root, clauses = resource("conformance").resolve(), load().clauses
        self._checks = [to_check(item, root, clauses) for item in items]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand them over."""
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            self.broken = session.testsfailed
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        _put_back(self._modules)
        session.config.pluginmanager.register(recorder, "ffi-cts-recorder")
        warm()
        wanted = {id(item) for item in session.items}  # -k and friends deselect after collection
        self._loop(session, [check for check in self._checks if id(check.item) in wanted])
        return True


def collect(
    loop: Callable[[list[Check]], None], plugins: Sequence[object], *, only: Sequence[str] = ()
) -> None:
    """Collect the checks of the suite and call ``loop`` with them while pytest is alive.

    ``plugins`` are pytest plugins with the fixtures that the checks ask for.

    All of them, or, where ``only`` has nothing but ids of checks, those of their files.

    Raises:
        HarnessError: collection failed, or a check names no clause.
    """
    folder = resource("conformance")
    failure: list[BaseException] = []

    def guarded(session: pytest.Session, checks: list[Check]) -> None:
        try:
            loop(checks)
        except BaseException as error:  # noqa: BLE001 (raised again behind pytest)
            failure.append(error)

    plugin = ConformancePlugin(guarded)
    arguments = [
        *map(str, _files(folder, only)),
        "-c",
        str(folder / "pytest.ini"),
        f"--rootdir={folder}",
        *(word for name in _UNUSED_PLUGINS for word in ("-p", f"no:{name}")),
    ]
    with _private_pytest():
        code = pytest.main(arguments, plugins=[plugin, *plugins])
    if failure:
        raise failure[0]
    if code == pytest.ExitCode.INTERRUPTED and not plugin.broken:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise HarnessError(
            f"the checks could not be collected (pytest exit code {int(code)})",
            hint=f"`python -m pytest --collect-only {folder} --ffi-target reference` shows why",
        )


def _put_back(modules: Mapping[str, ModuleType]) -> None:
    """Give Python its own modules back: to pytest, ``types`` is a folder of checks."""
    for name in sys.stdlib_module_names & modules.keys():
        sys.modules[name] = modules[name]


def _files(folder: Path, only: Sequence[str]) -> list[Path]:
    """Files that hold every check an ``--only`` may mean: the whole folder if in doubt."""
    files = []
    for pattern in only:
        stem, separator, _ = pattern.partition("::")
        topic, _, name = stem.rpartition("/")
        file = folder / topic / f"test_{name}.py"
        if not separator or not file.is_file():
            return [folder]
        files.append(file)
    return files or [folder]


@contextmanager
def _private_pytest() -> Iterator[None]:
    """Keep the user's pytest settings and plugins out: a verdict must not hang on them."""
    saved = {name: os.environ.get(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    auto = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    for name in saved:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
        if auto is not None:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = auto
        for name, value in saved.items():
            if value is not None:
                os.environ[name] = value
