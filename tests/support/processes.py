# SPDX-License-Identifier: Apache-2.0
"""What tests ask about the processes of this machine."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from support.command import SECONDS


def processes_of(word: str | Path) -> list[int]:
    """Processes whose command line has ``word``; forked children have that of their parent."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(word).encode() in words and state not in "ZX":
            found.append(int(folder.name))
    return found


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for something that must happen; when it never does, the test fails."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def in_child(action: Callable[[], object]) -> None:
    """Carry out the action in a forked child. Raises AssertionError if it raises.

    A child has one thread, as the command has, wherever the tests run: under pytest-xdist a
    signal to this process may be taken by a thread that does not block it.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        except BaseException:  # noqa: BLE001 (whatever it is, the parent raises it)
            os.write(writer, traceback.format_exc().encode()[-60_000:])
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert status == 0, said
