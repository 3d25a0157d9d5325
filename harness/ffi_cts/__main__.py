# SPDX-License-Identifier: Apache-2.0
"""Entry point of the command ``ffi-cts`` and of ``python -m ffi_cts``."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path

from ffi_cts._stdout import patient_stdout
from ffi_cts.errors import FfiCtsError, HarnessError, UsageError


def main() -> None:
    """Run the command line; exit codes are those of ``ffi-cts --help``."""
    _settle()
    with patient_stdout() as output:
        code = run_command()
    if output.lost is not None:
        _say(f"standard output can't be written to: {output.lost.strerror or output.lost}.")
        code = code or HarnessError.exit_code
    sys.exit(code)


def run_command() -> int:
    """Run the command that ``sys.argv`` names, and give its exit code. Nothing is raised."""
    try:
        return _run()
    except KeyboardInterrupt:
        _say("interrupted.")
        return HarnessError.exit_code


def _run() -> int:
    # Imports that take a while are made here, where an interruption has an exit code and no trace.
    import click

    from ffi_cts.frontends.cli import cli

    try:
        code = cli.main(prog_name="ffi-cts", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except FfiCtsError as error:
        _say(str(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return UsageError.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except Exception:  # noqa: BLE001 (whatever it is, the exit code must say whose fault it is)
        traceback.print_exc()
        _say("this is a fault of the suite, not of the library. Please report it.")
        return HarnessError.exit_code


def _settle() -> None:
    """Make the process what the rest relies on, whatever it was started from."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:
        pass  # a closed standard stream would lend its number to a pipe
    os.close(descriptor)
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (open until the process ends)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would hide how children end
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _say(message: str) -> None:
    sys.stderr.write(f"ffi-cts: {message}\n")


if __name__ == "__main__":
    main()
