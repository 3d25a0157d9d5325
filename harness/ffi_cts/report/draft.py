# SPDX-License-Identifier: Apache-2.0
"""A draft of an expectation file: an entry for each deviation, whose reason people fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ffi_cts.errors import UsageError
from ffi_cts.report.files import STDOUT
from ffi_cts.report.words import count, deviations, first_line, observation, visible
from ffi_cts.results import CheckResult, Report
from ffi_cts.waivers import PLACEHOLDER


def check_new(path: Path | None) -> None:
    """Make sure that a draft replaces no file: somebody may have filled in its reasons.

    Raises:
        UsageError: there is a file.
    """
    if path is not None and path != STDOUT and (path.exists() or path.is_symlink()):
        raise UsageError(
            f"--write-expect {path}: there is such a file, and a draft replaces none.",
            "Give a new file, and copy what you want from it; with --expect, what is waived "
            "already is not drafted again.",
        )


def render(report: Report) -> str:
    """Give the text of the file. What is waived has no entry, nor what only warns."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    found = deviations(report)
    implementation = report.implementation
    yield _comment(
        f"{count(len(found), 'deviation')} of {implementation.id} {implementation.sha256[:16]}, "
        f"by ffi-cts {report.suite.version} at {report.run.effort} effort."
    )
    if not found:
        yield _comment("Nothing is to be expected.")
        return
    yield _comment("Say of each why it is known, and where it is tracked, or remove the link:")
    yield _comment(f"--strict takes no entry that begins with {PLACEHOLDER}.")
    for check in found:
        yield ""
        yield from _entry(check, implementation.id)


def _entry(check: CheckResult, implementation: str) -> Iterator[str]:
    yield "[[expect]]"
    yield _comment(f"{', '.join(check.clauses)}: {first_line(observation(check))}")
    yield f"check = {_string(check.id)}"
    yield f"outcome = {_string(check.raw_outcome)}"
    yield f"reason = {_string(f'{PLACEHOLDER}: why is this known?')}"
    yield f"link = {_string(f'{PLACEHOLDER}: where is it tracked?')}"
    if "==" in implementation:
        yield f"applies_to = {_string(implementation)}"


def _comment(text: str) -> str:
    return f"# {' '.join(visible(text).split())}"


def _string(text: str) -> str:
    # A string of JSON in ASCII is one of TOML, but that only JSON has surrogate pairs.
    return json.dumps(visible(text), ensure_ascii=False)
