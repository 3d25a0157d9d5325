# SPDX-License-Identifier: Apache-2.0
"""The report as SARIF 2.1.0, which code scanning services and editors show.

A clause is a rule; each deviation and each warning is a result, also if it is waived.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ffi_cts.abi import load
from ffi_cts.report.documents import to_text
from ffi_cts.report.triage import in_order
from ffi_cts.report.words import observation, shortened, visible
from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult, Level, Report, Status

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Level.MUST: "error", Level.SHOULD: "warning", Level.ADVISORY: "note"}
_TOLD = DEVIATIONS | {Status.WARN, Status.WAIVED}


def render(report: Report) -> str:
    """Give the document. It is pure ASCII."""
    told = [check for check in in_order(report.checks) if check.status in _TOLD]
    levels = {rule: check.level for check in reversed(told) for rule in _rules_of(check)}
    rules = list(dict.fromkeys(rule for check in told for rule in _rules_of(check)))
    place = {rule: number for number, rule in enumerate(rules)}
    return to_text(
        {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "ffi-cts",
                            "version": visible(report.suite.version),
                            "rules": [_rule(rule, levels[rule]) for rule in rules],
                        }
                    },
                    "automationDetails": {"id": f"ffi-cts/{visible(report.implementation.id)}/"},
                    "invocations": [_invocation(report)],
                    "artifacts": [
                        {
                            "location": {"uri": _uri(report.implementation.path)},
                            "hashes": {"sha-256": report.implementation.sha256},
                        }
                    ],
                    "results": [_result(check, place, report) for check in told],
                }
            ],
        }
    )


def _rules_of(check: CheckResult) -> tuple[str, ...]:
    return check.clauses or (check.id,)


def _rule(id: str, level: Level) -> Mapping[str, Any]:
    clause = load().clauses.get(id)
    if clause is None:  # a clause of another version of the suite
        return {"id": visible(id), "defaultConfiguration": {"level": _LEVELS[level]}}
    return {
        "id": id,
        "shortDescription": {"text": clause.text},
        "help": {"text": f"Source: {clause.source}"},
        "defaultConfiguration": {"level": _LEVELS[Level(clause.level.lower())]},
        "properties": {"level": clause.level, "profile": clause.profile, "since": clause.since},
    }


def _result(check: CheckResult, place: Mapping[str, int], report: Report) -> Mapping[str, Any]:
    rule = _rules_of(check)[0]
    suppressed = [{"kind": "external", "justification": visible(check.waiver)}]
    return {
        "ruleId": visible(rule),
        "ruleIndex": place[rule],
        "kind": "fail",
        "level": _LEVELS[check.level],
        "message": {"text": _message(check)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(report.implementation.path), "index": 0}
                },
                "logicalLocations": [{"fullyQualifiedName": visible(check.id)}],
            }
        ],
        **({"stacks": [_stack(check)]} if check.stack else {}),
        "partialFingerprints": {"check/v1": visible(check.id)},
        **({"suppressions": suppressed} if check.status is Status.WAIVED else {}),
        "properties": {
            "outcome": check.raw_outcome,
            "clauses": [visible(clause) for clause in check.clauses],
            "reproduce": visible(check.reproduce),
        },
    }


def _stack(check: CheckResult) -> Mapping[str, Any]:
    return {
        "message": {"text": visible(check.fault or check.raw_outcome)},
        "frames": [{"location": {"message": {"text": visible(frame)}}} for frame in check.stack],
    }


def _message(check: CheckResult) -> str:
    parts = [observation(check).strip() or check.raw_outcome]
    more = (("fault", check.fault), ("in call", check.in_call), ("example", check.example))
    for name, text in more:
        if text:
            parts.append(f"{name}: {text}")
    return visible("\n".join(shortened(part) for part in parts))


def _invocation(report: Report) -> Mapping[str, Any]:
    started = report.run.started
    return {
        "executionSuccessful": not report.undecided,
        "exitCode": report.exit_code(),
        **({"startTimeUtc": f"{started[:-6]}Z"} if started.endswith("+00:00") else {}),
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"{visible(check.id)}: {_message(check)}"},
            }
            for check in report.checks
            if check.status in UNDECIDED
        ],
    }


def _uri(path: str) -> str:
    return ("file://" if path.startswith("/") else "") + quote(visible(path))
