# SPDX-License-Identifier: Apache-2.0
"""Runs a piece of a test as a user who may not do everything."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.processes import in_child

NOBODY = 65534


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder that any user reaches and that `NOBODY` owns, or whoever runs the tests.

    Those of pytest lie in one that is closed to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="ffi-cts-tests-"))
    try:
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder)


def without_privileges(action: Callable[[], object]) -> None:
    """Carry out the action in a child that is not root. Raises AssertionError if it raises.

    What it imports must have been imported: Python itself may lie where only root can read.
    """

    def unprivileged() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        action()

    in_child(unprivileged)
