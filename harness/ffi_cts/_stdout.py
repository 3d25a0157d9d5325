# SPDX-License-Identifier: Apache-2.0
"""A standard output that nobody has to be afraid of writing to."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class PatientFile(io.FileIO):
    """A file descriptor that swallows what it can't write.

    A reader that goes away early (``| head``) is no error. Any other failure, such
    as a full disk, is kept in ``lost``: the exit code must tell of it.
    """

    lost: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                self.lost = error
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return memoryview(data).nbytes


@contextmanager
def patient_stdout() -> Iterator[PatientFile]:
    """Put a ``PatientFile`` under ``sys.stdout``, which then also takes every character."""
    before = sys.stdout
    file = PatientFile(1, "w", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=before.encoding,
        errors="backslashreplace",
        line_buffering=file.isatty(),
    )
    try:
        yield file
    finally:
        sys.stdout.flush()
        sys.stdout = before
