# SPDX-License-Identifier: Apache-2.0
"""The folder of one run for whatever is written while it goes on."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from ffi_cts.errors import UsageError


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder from which libraries can be loaded; gone at the end, also of an interruption.

    While it is there, SIGTERM and SIGHUP are interruptions, unless the process has handlers of
    its own for them.

    Raises:
        UsageError: there is no place for such a folder.
    """
    with _interruptible(), contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="ffi-cts-", ignore_cleanup_errors=True)
            )
        except OSError as error:
            raise UsageError(f"No temporary folder can be made: {error}.", _HINT) from error
        if os.statvfs(folder).f_flag & os.ST_NOEXEC:
            raise UsageError(
                f"Libraries can't be loaded from {Path(folder).parent}, which is mounted noexec, "
                "and some checks load a copy of their own.",
                _HINT,
            )
        yield Path(folder)


_HINT = "Set TMPDIR to a folder that can be written, and from which programs can be run."


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    changed = []
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
                changed.append(number)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)
