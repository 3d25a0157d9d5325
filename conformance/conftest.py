# SPDX-License-Identifier: Apache-2.0
"""The checks need to be told what to judge: say so, rather than fail one by one."""

import pytest

from ffi_cts.engine.collecting import ConformancePlugin
from ffi_cts.engine.marks import REQUIRES


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{REQUIRES}(*functions): what a check needs beside what its clauses need"
    )


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    plugins = config.pluginmanager.get_plugins()
    if config.option.collectonly or any(isinstance(each, ConformancePlugin) for each in plugins):
        return
    how = "--ffi-target with a library, a release, or 'reference'"
    if not hasattr(config.option, "ffi_target"):  # the entry point is known once it is installed
        how = f"-p ffi_cts.pytest_entry, and {how}"
    raise pytest.UsageError(
        f"these are checks of an implementation, and none is named: give {how}. "
        "`ffi-cts run TARGET` does the same with a full report."
    )
