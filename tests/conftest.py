# SPDX-License-Identifier: Apache-2.0
"""Fixtures and options of all tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ffi_cts.selftest.variants import Builder, Variant
from support import skips, spread
from support.browser import browse
from support.command import PACKAGES, SECONDS, Command, Here
from support.processes import processes_of, wait_until

__all__ = ["PACKAGES", "SECONDS", "Command", "browse", "processes_of", "wait_until"]

HOSTILE = Path(__file__).parent / "hostile"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what .ci/run asks for."""
    parser.addoption(
        "--allowed-skips", type=Path, metavar="FILE", help="fail for a skip that FILE does not list"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Use two processes for the whole suite."""
    spread.spread(config)


def pytest_configure(config: pytest.Config) -> None:
    """Watch the skips, where the reports of all tests come together."""
    file = config.getoption("--allowed-skips")
    if file is not None and not spread.in_worker(config):
        config.pluginmanager.register(skips.SkipGuard(skips.read(file)), "skip-guard")


@pytest.fixture(scope="session")
def _room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if "popen-" not in base.name else base.parent


@pytest.fixture(autouse=True)
def _alone_if_marked(request: pytest.FixtureRequest, _room: Path) -> Iterator[None]:
    """Nothing else runs beside a test that is marked `alone`."""
    with spread.among_others(_room, alone=request.node.get_closest_marker("alone") is not None):
        yield


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return Command(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Here:
    """``ffi-cts`` in this process."""
    return Here(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The libraries of tests/hostile by name. No path of theirs is named by any other run."""
    variants = []
    for source in sorted(HOSTILE.glob("*.c")):
        text = source.read_text(encoding="utf-8")
        replaces = tuple(re.findall(r'^#include "(\w+)\.c"', text, re.MULTILINE))
        variants.append(Variant(source.stem, source, "", ("",), replaces))
    return Builder(tmp_path_factory.mktemp("hostile"), jobs=2).build(variants)


@pytest.fixture(scope="session")
def schema() -> Callable[[object], None]:
    """Validates a report."""
    import jsonschema

    from ffi_cts.report.store import SCHEMA_FILE

    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    return validator.validate
