# SPDX-License-Identifier: Apache-2.0
"""Remembers, for ``--last-failed``, which checks of a target did not pass."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from ffi_cts.errors import UsageError
from ffi_cts.library.fetch import cache_root
from ffi_cts.report.files import write_text
from ffi_cts.results import DEVIATIONS, UNDECIDED, Report, Status

_BAD = DEVIATIONS | UNDECIDED | {Status.WARN, Status.UNEXPECTED_PASS}


def recall(target: str) -> tuple[str, ...]:
    """Ids of the checks that did not pass when ``target`` was last judged; none if unknown."""
    with suppress(OSError, ValueError):
        known = json.loads(_file(target).read_text(encoding="utf-8"))
        return tuple(each for each in known if isinstance(each, str))
    return ()


def remember(target: str, report: Report) -> None:
    """Keep the ids of a run for the next. A cache that can't be written to is no error."""
    bad = [check.id for check in report.checks if check.status in _BAD]
    if report.run.partial:
        judged = {check.id for check in report.checks}
        bad = [*bad, *(id for id in recall(target) if id not in judged)]
    with suppress(OSError, UsageError):
        file = _file(target)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, json.dumps(bad))


def _file(target: str) -> Path:
    path = Path(target)
    name = str(path.resolve()) if "/" in target or path.exists() else target
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return cache_root() / "last-failed" / f"{digest[:24]}.json"
