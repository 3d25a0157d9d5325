# SPDX-License-Identifier: Apache-2.0
"""The suite under plain pytest: options from the command line, results to pytest's reporters."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts.elf import inspect_library
from ffi_cts.engine.plan import Check
from ffi_cts.engine.probe import probe
from ffi_cts.engine.scheduler import Scheduler, Timeouts
from ffi_cts.errors import FfiCtsError
from ffi_cts.pytest_plugin import ConformancePlugin, configure_hypothesis, seed_all
from ffi_cts.results import CheckResult
from ffi_cts.runner import Options, make_subject, second_library
from ffi_cts.targets import resolve


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
    configure_hypothesis(options.effort, options.seed)

    def loop(checks: list[Check], show: Callable[[CheckResult], None]) -> None:
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
            for _, result in scheduler.run():
                show(result)

    config.pluginmanager.register(ConformancePlugin(loop), "ffi-cts-checks")
