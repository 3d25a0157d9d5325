# SPDX-License-Identifier: Apache-2.0
"""Whether a library keeps the core of the contract: a wrong one's speed says nothing."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from ffi_cts.bench.meters.driver import environment
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.library.targets import Target

_RELEASES = "apache-tvm-ffi"
_VERDICTS = {0: "conformant", 1: "nonconformant", 3: "incomplete", 4: "incomplete"}


def core_verdict(target: Target, expect: str | None, timeout_scale: float) -> str:
    """Verdict of a quick run of the core checks, in a process of its own.

    The known deviations of a release are waived; for other libraries `expect` names
    the file that waives theirs.

    Raises:
        UsageError: the run refuses the target or the file.
        HarnessError: the run failed.
    """
    return _verdict(str(target.path), target.id, expect, target.release is not None, timeout_scale)


@cache
def _verdict(path: str, name: str, expect: str | None, released: bool, scale: float) -> str:
    words = [sys.executable, "-m", "ffi_cts", "run", name if released else path]
    words += ["--profile", "core", "--effort", "quick", "--quiet", f"--timeout-scale={scale:g}"]
    if name == "reference":
        words[4] = name
    if expect or released:
        words += ["--expect", expect or _RELEASES]
    done = subprocess.run(words, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode == -2 or done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode == 2:
        raise UsageError(done.stderr.strip().removeprefix("ffi-cts: "))
    if done.returncode not in _VERDICTS:
        raise HarnessError(f"judging {name} failed: {done.stderr.strip()[-400:]}")
    return _VERDICTS[done.returncode]
