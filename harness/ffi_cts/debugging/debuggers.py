# SPDX-License-Identifier: Apache-2.0
"""The command lines of gdb and lldb that stop before a call, and then show where it ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from ffi_cts.errors import UsageError

STOP = "cts_before_failing_call"
_QUIET = ("SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGCHLD", "SIG62")
_FRAMES = 12


@attrs.frozen(kw_only=True)
class Aim:
    """What to do in a debugger with ``program``.

    ``function`` is the one that the call enters, empty if it is none that a debugger finds by
    its name; ``outcome`` how the call ends. ``batch``: show that and end, instead of asking the
    user. ``core`` is a file for the memory of the process when it dies.
    """

    program: Sequence[str]
    call: str
    function: str
    outcome: str
    batch: bool
    core: Path | None = None


def find() -> str:
    """The path of a debugger. Raises UsageError if there is none."""
    found = shutil.which("gdb") or shutil.which("lldb")
    if found is None:
        raise UsageError(
            "There is no debugger: neither gdb nor lldb is on the PATH.",
            "Install one (Debian: apt install gdb), or run the example with --no-debugger.",
        )
    return found


def command(debugger: str, aim: Aim, script: Path) -> tuple[list[str], dict[str, str]]:
    """Command and environment; ``script`` is a file that this writes."""
    environment = dict(os.environ)
    # What is loaded before all others is for the program, not for the debugger.
    preload = environment.pop("LD_PRELOAD", "")
    if Path(debugger).name.startswith("lldb"):
        script.write_text("\n".join(_lldb(aim, preload)) + "\n", encoding="utf-8")
        mode = ["--batch"] if aim.batch else []
        return [debugger, *mode, "--source", str(script), "--", *aim.program], environment
    script.write_text("\n".join(_gdb(aim, preload)) + "\n", encoding="utf-8")
    mode = ["-nx", "-batch"] if aim.batch else []
    # What Python offers to gdb helps nobody here; where it may not be read, gdb says so at length.
    early = ["-iex", "set auto-load python-scripts off"]
    if _asks_debuginfod(environment):
        early += ["-iex", "set debuginfod enabled off"]
    return [debugger, "-q", *mode, *early, "-x", str(script), "--args", *aim.program], environment


def _asks_debuginfod(environment: Mapping[str, str]) -> bool:
    """Whether gdb may ask about it: where no server is named, it does not."""
    return bool(environment.get("DEBUGINFOD_URLS"))


def _gdb(aim: Aim, preload: str) -> list[str]:
    lines = [
        "set pagination off",
        "set confirm off",
        "set breakpoint pending on",
        # A shell would have the sanitizer loaded too, and gdb's own layout of memory is none
        # that the run had.
        "set startup-with-shell off",
        "set disable-randomization off",
        "set print thread-events off",
        *(f"handle {name} nostop noprint pass" for name in _QUIET),
        "handle SIGALRM stop print nopass",
    ]
    if preload:
        lines.append(f"set environment LD_PRELOAD {preload}")
    lines += [f"break {STOP}", "commands", "silent", "end", "run"]
    if aim.function:
        lines.append(f"tbreak {aim.function}")
    lines += _echo(aim)
    if not aim.batch:
        return lines
    if aim.function:
        lines += ["continue", "bt 1"]
    if aim.outcome == "fail":
        return [*lines, "finish" if aim.function else "", "continue"]
    every = "thread apply all " if aim.outcome == "timeout" else ""
    lines += ["continue", f"{every}bt {_FRAMES}"]
    if aim.core is not None:
        lines.append(f"generate-core-file {aim.core}")
    return [*lines, "kill"]


def _echo(aim: Aim) -> list[str]:
    told = [f"Stopped before the call {_safe(aim.call)}"]
    if not aim.batch:
        ends = {"fail": "returns", "timeout": "hangs; Ctrl-C stops it there"}
        if aim.function:
            told += [
                f"  continue   goes on into {aim.function}",
                "  then       step, next, bt, finish as usual",
            ]
        told += [f"  continue   goes on until it {ends.get(aim.outcome, 'dies')}"]
    return [f"echo \\nffi-cts: {told[0]}\\n", *(f"echo {line}\\n" for line in told[1:])]


def _safe(text: str) -> str:
    """Text that no debugger takes for more than text."""
    return "".join(
        c if c.isascii() and c.isprintable() and c not in "\\'\"`" else "?" for c in text
    )


def _lldb(aim: Aim, preload: str) -> list[str]:
    lines = ["settings set auto-confirm true", "settings set target.disable-aslr false"]
    if preload:
        lines.append(f'settings set target.env-vars LD_PRELOAD="{preload}"')
    lines += [f"breakpoint set --name {STOP}", "run"]
    lines.append(f"script print('ffi-cts: Stopped before the call {_safe(aim.call)}')")
    if aim.function:
        lines.append(f"breakpoint set --one-shot true --name {aim.function}")
    if not aim.batch:
        return lines
    if aim.function:
        lines += ["continue", "bt 1"]
    lines += ["continue", f"bt {_FRAMES}"]
    if aim.core is not None:
        lines.append(f"process save-core {aim.core}")
    return [*lines, "kill", "quit"]
