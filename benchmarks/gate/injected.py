# SPDX-License-Identifier: Apache-2.0
"""Builds libraries whose calls cost a known little more, to try the gate on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ffi_cts._paths import resource

SOURCE = Path(__file__).with_name("injected.c")


def compiler() -> str | None:
    """A C compiler, None where there is none."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def build(
    folder: Path,
    real: Path,
    name: str,
    *,
    extra: int = 0,
    pauses: int = 0,
    slow: bool = False,
    restless: int = 0,
    before: int = 0,
    runpath: str = "",
) -> Path:
    """Build `folder/name`, which stands before the library `real`.

    `extra` instructions are added to each FunctionCall, and `pauses` more that are
    slow ones or, when not `slow`, quick ones: so two libraries differ in time alone.
    `restless` instructions are added where the heap happens to lie in a certain way, which
    `before` bytes on it change. `runpath` is where the library looks for `real`.
    """
    cc = compiler()
    assert cc is not None, "no C compiler"
    file = folder / name
    command = [cc, "-std=c11", "-O2", "-fPIC", "-shared", f"-I{resource('include')}"]
    command += [f"-DEXTRA={extra}", f"-DPAUSES={pauses}", f"-DSLOW={int(slow)}"]
    command += [f"-DRESTLESS={restless}", f"-DBEFORE={before}", str(SOURCE)]
    # The look-up of any other function must get to the real library.
    command += ["-Wl,--no-as-needed", str(real), f"-Wl,-rpath,{runpath or real.parent}", "-ldl"]
    subprocess.run([*command, "-o", str(file)], check=True, capture_output=True, text=True)
    return file
