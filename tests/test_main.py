# SPDX-License-Identifier: Apache-2.0
"""The entry point, before there is a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command import PACKAGES, Command


@pytest.mark.parametrize("module", ["click", "attrs"])
def test_an_interruption_while_it_starts_is_one_line(
    command: Command, tmp_path: Path, module: str
) -> None:
    """Ctrl-C meets the first imports: simulated by a module that is interrupted."""
    (tmp_path / f"{module}.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    run = command("run", "reference", env={"PYTHONPATH": f"{tmp_path}:{PACKAGES}"})
    assert run.returncode == 3
    assert run.stderr.strip() == "ffi-cts: interrupted."
    assert run.stdout == ""
