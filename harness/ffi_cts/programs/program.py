# SPDX-License-Identifier: Apache-2.0
"""From a deviation to the C program that shows it."""

from __future__ import annotations

from pathlib import Path

import attrs

from ffi_cts.debugging import rehearsal
from ffi_cts.debugging.rehearsal import Found
from ffi_cts.engine.plan import Check
from ffi_cts.errors import UsageError
from ffi_cts.programs.emit import Program, emit
from ffi_cts.programs.recording import Recorded, record_example
from ffi_cts.report.files import STDOUT, check_outputs, write_text
from ffi_cts.session import Options, Session


@attrs.frozen(kw_only=True)
class Request:
    """Which deviation, and where the program goes; ``force``: over a file that is there."""

    options: Options
    check: str
    output: Path
    force: bool = False


def write(request: Request) -> Program:
    """Find the deviation, record its example, and write the program.

    Raises:
        UsageError: the check does not deviate, or the file can't be written, or is there.
        HarnessError: the deviation does not show when the example runs by itself.
    """
    output = request.output
    check_outputs({"--output": output}, {"TARGET": request.options.target})
    if output != STDOUT and output.exists() and not request.force:
        raise UsageError(f"{output} exists.", "Give --force to overwrite it.")
    recorded: list[Recorded] = []
    with Session(request.options) as session:

        def then(check: Check, found: Found) -> None:
            recorded.append(record_example(session, check, found, session.scratch))

        rehearsal.find(session, request.check, then)
    (one,) = recorded
    program = emit(one.steps, one.account, "repro.c" if output == STDOUT else output.name)
    write_text(output, program.text)
    return program
