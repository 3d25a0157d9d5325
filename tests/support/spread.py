# SPDX-License-Identifier: Apache-2.0
"""The whole suite runs in two processes where pytest-xdist is installed.

Most tests wait for children of their own, so that a second core would idle. What uses every core
by itself, or judges how threads meet, is marked `alone`: nothing else runs meanwhile.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
WORKERS = 2


def spread(config: pytest.Config) -> None:
    """Have pytest-xdist run the tests, unless somebody looks for something.

    To be called before xdist reads its options. They are not set in pyproject.toml, since runs
    of pytest that tests start would inherit them.
    """
    option = config.option
    if not config.pluginmanager.hasplugin("xdist") or in_worker(config):
        return
    if option.numprocesses is not None or option.dist != "no" or option.tx:
        return
    looking = option.usepdb or option.collectonly or option.keyword or option.maxfail
    whole = all(Path(config.invocation_params.dir, arg).resolve() == TESTS for arg in config.args)
    if whole and not looking and len(os.sched_getaffinity(0)) >= WORKERS:
        option.numprocesses = WORKERS
        option.dist = "loadfile"


def in_worker(config: pytest.Config) -> bool:
    """Whether this is a process that xdist started."""
    return hasattr(config, "workerinput")


@contextmanager
def among_others(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a lock in the folder that all processes share: with the others, or against them.

    Whoever wants to be alone holds the door while it waits, so that nobody else comes in.
    """
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(room, fcntl.LOCK_UN)
