# SPDX-License-Identifier: Apache-2.0
"""Starts the process that runs one example: under a debugger, or for the user to watch."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from ffi_cts.debugging import debuggers
from ffi_cts.debugging.rehearsal import Found
from ffi_cts.engine.linux import signal_name
from ffi_cts.errors import HarnessError, UsageError

INSIDE = "debug-inside"
"""The hidden command that runs a saved plan."""

_ALARM = 2.0
_CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")
_LONGEST = 300.0
"""Seconds after which a debugger that nobody talks to is given up."""


@attrs.frozen(kw_only=True)
class Wish:
    """How to watch. ``batch``: nobody is there to talk to a debugger."""

    debugger: bool = True
    batch: bool = False
    core: Path | None = None


def check(wish: Wish) -> str:
    """The debugger that the wish needs, empty if none. Raises UsageError where one lacks."""
    if wish.core is not None:
        try:
            wish.core.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--keep-core {wish.core}: {error.strerror}.") from error
    if wish.debugger:
        return debuggers.find()
    pattern = _CORE_PATTERN.read_text(encoding="utf-8").strip()
    if wish.core is not None and (pattern.startswith(("|", "/")) or not pattern):
        raise UsageError(
            f"--keep-core: this system gives cores to {pattern or 'nobody'}, not to the folder "
            "of the process, and only root can change that.",
            "Leave --no-debugger away: gdb writes a core by itself.",
        )
    return ""


def watch(found: Found, wish: Wish, debugger: str, folder: Path) -> Path | None:
    """Run the example of ``found`` as wished, with files in ``folder``. Gives the core, if any.

    Raises:
        HarnessError: the debugger did not come to its end.
    """
    plan = folder / "plan.json"
    hangs = found.result.raw_outcome == "timeout"
    attrs.evolve(
        found.plan,
        alarm=_ALARM if hangs and wish.batch else 0.0,
        ask=not debugger and not wish.batch,
    ).save(plan)
    program = [sys.executable, "-m", "ffi_cts", INSIDE, str(plan)]
    name = found.result.id.replace("/", "_").replace("::", "_")
    core = None if wish.core is None else wish.core.resolve() / f"core.{name}"
    if not debugger:
        _plainly(program, wish, hangs=hangs)
        return _newest(wish.core)
    function = found.plan.call.rpartition(": ")[2].partition("(")[0]
    aim = debuggers.Aim(
        program=program,
        call=found.plan.call[:200],
        function=function if function.startswith(("TVMFFI", "cts_")) else "",
        outcome=found.result.raw_outcome,
        batch=wish.batch or core is not None,
        core=core,
    )
    command, environment = debuggers.command(debugger, aim, folder / "script")
    with _ctrl_c_is_for_the_debugger():
        try:
            done = subprocess.run(
                command,
                env=environment,
                check=False,
                stdin=subprocess.DEVNULL if aim.batch else None,
                timeout=_LONGEST if aim.batch else None,
            )
        except subprocess.TimeoutExpired as error:
            raise HarnessError(f"{debugger} did not end within {_LONGEST:g} s.") from error
    if done.returncode and aim.batch:
        raise HarnessError(
            f"{debugger} ended with code {done.returncode}; what it printed says why.",
            "A container may forbid ptrace: --no-debugger does without.",
        )
    return core if core is not None and core.exists() else None


def _plainly(program: list[str], wish: Wish, *, hangs: bool) -> None:
    """Run it as it is, and say how it ends."""

    def cores() -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard if wish.core else 0, hard))

    process = subprocess.Popen(program, cwd=wish.core, preexec_fn=cores)  # noqa: PLW1509
    sys.stdout.write(f"ffi-cts: process {process.pid} runs the example\n")
    sys.stdout.flush()
    try:
        code = process.wait(timeout=_LONGEST if wish.batch and not hangs else None)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        code = process.wait()
    how = f"killed by {signal_name(-code)}" if code < 0 else f"exit code {code}"
    sys.stdout.write(f"ffi-cts: process {process.pid} is gone: {how}\n")


def _newest(folder: Path | None) -> Path | None:
    cores = [] if folder is None else [*folder.glob("core*")]
    return max(cores, key=lambda file: file.stat().st_mtime, default=None)


@contextmanager
def _ctrl_c_is_for_the_debugger() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
