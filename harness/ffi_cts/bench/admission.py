# SPDX-License-Identifier: Apache-2.0
"""Whether a library keeps the core of the contract: a wrong one's speed says nothing."""

from __future__ import annotations

import signal
import sys
from functools import cache

from ffi_cts.bench.meters.surroundings import environment
from ffi_cts.engine import program
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
    match program.run(words, env=environment()):
        case program.Ending(how=program.Exited(130) | program.Signalled(signal.SIGINT)):
            raise KeyboardInterrupt
        case program.Ending(how=program.Exited(2), errors=errors):
            raise UsageError(errors.strip().removeprefix("ffi-cts: "))
        case program.Ending(how=program.Exited(code)) if code in _VERDICTS:
            return _VERDICTS[code]
        case ending:
            said = ending.last_words() or str(ending.how)
            raise HarnessError(f"judging {name} failed: {said}")
