# SPDX-License-Identifier: Apache-2.0
"""On PYTHONPATH, has forked children count the lines of C code that they ran.

They leave by `os._exit`, behind which gcov does not look. So every library that was built to
count is told to write its numbers down first. The suite itself knows nothing of this.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import NoReturn

_really_exit = os._exit


def _exit(status: int) -> NoReturn:
    for path in _libraries():
        try:
            dump = ctypes.CDLL(path, mode=os.RTLD_NOLOAD | os.RTLD_LAZY).ffi_cts_coverage_dump
        except (OSError, AttributeError):
            continue  # replaced meanwhile, or a library that counts nothing
        dump()
    _really_exit(status)


def _libraries() -> set[str]:
    try:
        lines = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    except OSError:  # no descriptor is left
        return set()
    return {line.split(maxsplit=5)[5] for line in lines if "libffi_cts_" in line}


os._exit = _exit
