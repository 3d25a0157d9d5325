# SPDX-License-Identifier: Apache-2.0
"""The report as JUnit XML, which most CI systems can show."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ffi_cts.report.words import first_line, shortened, verdict_sentence, visible
from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Report, Status

_SKIPPED = frozenset({Status.UNSUPPORTED, Status.WAIVED})


def render(report: Report) -> str:
    """Give the XML text: one suite, one case for each check.

    Deviations are failures, results that the suite failed to get are errors, unsupported and
    waived checks are skipped; a warning is a passing case that says so in its output.
    """
    statuses = [check.status for check in report.checks]
    suite = ET.Element(
        "testsuite",
        {
            "name": visible(f"ffi-cts {report.implementation.id}"),
            "tests": str(len(statuses) + report.fails_by_strict),
            "failures": str(
                sum(status in DEVIATIONS for status in statuses) + report.fails_by_strict
            ),
            "errors": str(sum(status in UNDECIDED for status in statuses)),
            "skipped": str(sum(status in _SKIPPED for status in statuses)),
            "time": f"{report.run.seconds:.3f}",
        },
    )
    if report.run.started:
        suite.set("timestamp", visible(report.run.started))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report):
        ET.SubElement(properties, "property", {"name": visible(name), "value": visible(value)})
    for check in report.checks:
        _case(suite, check)
    if report.fails_by_strict:
        _stale(suite, report)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    body = ET.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _properties(report: Report) -> list[tuple[str, str]]:
    return [
        ("verdict", verdict_sentence(report)),
        ("implementation.path", report.implementation.path),
        ("implementation.sha256", report.implementation.sha256),
        ("implementation.reported_version", report.implementation.reported_version),
        ("suite.version", report.suite.version),
        ("suite.spec_sha256", report.suite.spec_sha256),
        ("run.effort", report.run.effort),
        ("run.seed", str(report.run.seed)),
        *((f"companion.{c.role}", f"{c.id} {c.sha256}") for c in report.companions),
        ("run.exit_code", str(report.exit_code())),
        *((f"verdict.{name}", verdict.value) for name, verdict in report.verdicts.items()),
    ]


def _stale(suite: ET.Element, report: Report) -> None:
    """The failing case of a run that only --strict fails: CI systems count cases."""
    case = ET.SubElement(
        suite, "testcase", {"classname": "ffi-cts", "name": "expectations", "time": "0.000"}
    )
    failure = ET.SubElement(
        case, "failure", {"type": "stale", "message": visible(verdict_sentence(report))}
    )
    failure.text = visible(
        "\n".join(
            f"{note.check} ({note.outcome}): {first_line(note.detail or note.reason)}"
            for note in report.expectations.to_edit
        )
    )


def _case(suite: ET.Element, check: CheckResult) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": visible(f"ffi-cts.{check.profile}"),
            "name": visible(check.id),
            "time": f"{check.seconds:.3f}",
        },
    )
    headline = visible(first_line(check.message) or check.status.value)
    if check.status in DEVIATIONS or check.status in UNDECIDED:
        tag = "failure" if check.status in DEVIATIONS else "error"
        element = ET.SubElement(case, tag, {"type": check.status.value, "message": headline})
        element.text = _details(check)
    elif check.status in _SKIPPED:
        reason = visible(first_line(check.waiver or check.message) or check.status.value)
        ET.SubElement(case, "skipped", {"message": f"{check.status.value}: {reason}"})
    if check.status in (Status.WARN, Status.WAIVED, Status.UNEXPECTED_PASS):
        ET.SubElement(case, "system-out").text = f"{check.status.value}\n{_details(check)}"


def _details(check: CheckResult) -> str:
    fields = (
        ("clauses", ", ".join(check.clauses)),
        ("level", check.level.value),
        ("outcome", check.raw_outcome),
        ("message", check.message),
        ("fault", check.fault),
        ("in call", check.in_call),
        ("example", check.example),
        ("calls", "\n".join(check.calls[-10:])),
        ("stack", "\n".join(check.stack)),
        ("output", check.output),
        ("waiver", check.waiver),
        ("reproduce", check.reproduce),
    )
    return visible("\n".join(f"{name}: {shortened(text)}" for name, text in fields if text))
