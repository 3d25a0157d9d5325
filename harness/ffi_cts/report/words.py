# SPDX-License-Identifier: Apache-2.0
"""What all renderings share: making foreign text harmless, and the sentences about a verdict."""

from __future__ import annotations

import re
import shlex

from ffi_cts.results import DEVIATIONS, CheckResult, Part, Report, Status, Verdict

# Control characters but tab and newline, lone surrogates, what reorders text on a screen, and
# what XML forbids.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""Show control characters as escapes such as \x1b. Tabs and newlines stay.

    The result can be encoded as UTF-8, holds no terminal sequence, and is legal in XML once
    its markup characters are escaped. Invalid bytes that were decoded with surrogateescape
    come out as the byte they were.
    """
    return _INVISIBLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def shortened(text: str, lines: int = 30, chars: int = 4000) -> str:
    """Cut a long text, saying how much is missing."""
    kept = "\n".join(text[:chars].splitlines()[:lines])
    missing = len(text.rstrip("\n")) - len(kept)
    return f"{kept}\n[{missing} more characters]" if missing > 0 else kept


def first_line(text: str, chars: int = 160) -> str:
    """Give the first line that says something, cut to a length."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= chars else f"{line[: chars - 3]}..."


def observation(result: CheckResult) -> str:
    """What a check saw, without the texts of its clauses that its message begins with."""
    lines = result.message.splitlines()
    while lines and any(lines[0].startswith(f"{clause}: ") for clause in result.clauses):
        del lines[0]
    return "\n".join(lines)


def debug_command(result: CheckResult) -> str:
    """The command that brings a death or a hang into a debugger; empty for anything else."""
    if result.raw_outcome not in ("crash", "timeout"):
        return ""
    return _on_one("debug", result)


def program_command(result: CheckResult) -> str:
    """The command that writes what a check did as a C program; empty if nothing was called."""
    command = _on_one("reproduce", result) if result.calls else ""
    return f"{command} -o repro.c" if command else ""


def _on_one(command: str, result: CheckResult) -> str:
    """A command on the check that ``reproduce`` runs, with its options."""
    try:
        words = shlex.split(result.reproduce)
    except ValueError:  # a report that somebody else wrote
        return ""
    if words[:2] != ["ffi-cts", "run"] or words[-2:-1] != ["--only"]:
        return ""
    return shlex.join(["ffi-cts", command, words[2], words[-1], *words[3:-2]])


def deviations(report: Report) -> list[CheckResult]:
    """Give the checks that fail, crash or time out and that nothing excuses."""
    return [check for check in report.checks if check.status in DEVIATIONS]


def with_status(report: Report, *statuses: Status) -> list[CheckResult]:
    """Give the checks that have one of the statuses, in order."""
    return [check for check in report.checks if check.status in statuses]


def verdict_sentence(report: Report) -> str:
    """Say the verdict and what it rests on."""
    because = reasons(report)
    return report.verdict.value + (f": {'; '.join(because)}" if because else "")


def reasons(report: Report) -> list[str]:
    """Say what the verdict and the exit code rest on; nothing where all is well."""
    gating = [check for check in report.checks if check.gates]
    clauses = {clause for check in gating for clause in check.clauses}
    because = []
    if gating:
        because.append(
            f"{count(len(gating), 'MUST check')} deviate{'s' * (len(gating) == 1)}, "
            f"{count(len(clauses), 'clause')} concerned"
        )
    undecided = len(with_status(report, Status.LOST, Status.ERROR))
    if undecided:
        because.append(f"{count(undecided, 'check')} without a usable result")
    if report.run.stopped:
        because.append("the run stopped there, as --maxfail says")
    if report.run.interrupted:
        because.append("the run was interrupted")
    if report.part is not None:
        because.append(_parts(report.part))
    if not report.anything_ran:
        because.append(
            "nothing of the selection ran"
            if report.run.partial
            else f"no MUST check of the profile {report.base_profile} ran"
        )
    waived = len(with_status(report, Status.WAIVED))
    if report.verdict is Verdict.CONFORMANT and waived:
        because.append(f"{count(waived, 'known deviation')} waived")
    if report.fails_by_strict:
        number = len(set(report.expectations.to_edit))
        because.append(
            f"but the run fails: --strict, and {count(number, 'expectation')} should be edited"
        )
    return because


def _parts(part: Part) -> str:
    """Say that a report is not the whole."""
    if not part.merged:
        return f"this is part {part.numbers[0]} of {part.of} only"
    missing = [str(number) for number in part.missing]
    *most, last = missing
    if not most:
        return f"part {last} of {part.of} is missing"
    return f"parts {', '.join(most)} and {last} of {part.of} are missing"


def count(number: int, noun: str) -> str:
    """Give a number with its noun: 1 check, 2 checks."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
