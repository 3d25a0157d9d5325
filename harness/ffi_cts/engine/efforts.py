# SPDX-License-Identifier: Apache-2.0
"""Efforts: how many examples a property gets, and from which seed they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ffi_cts.engine.borrowed import aim_state_machines
from ffi_cts.engine.plan import Check


def configure_hypothesis(effort: str, seed: int, home: Path) -> None:
    """Load the Hypothesis profile of an effort; deterministic unless ``seed`` is not 0.

    ``home`` is where Hypothesis may keep files.
    """
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.configuration import set_hypothesis_home_dir

    # Its default is the current folder, where it would leave files, and believe what it finds.
    set_hypothesis_home_dir(home)
    examples = {"quick": 15, "standard": 100, "deep": 2000}[effort]
    settings.register_profile(
        "ffi-cts",
        max_examples=examples,
        stateful_step_count={"quick": 15, "standard": 30, "deep": 80}[effort],
        derandomize=seed == 0,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    settings.load_profile("ffi-cts")


def tell_blobs() -> None:
    """Have results name what Hypothesis makes their example from again, for ``aim``.

    After ``configure_hypothesis``, and before checks are collected.
    """
    from hypothesis import settings

    settings.register_profile("ffi-cts-blobs", settings(print_blob=True))
    settings.load_profile("ffi-cts-blobs")


def aim(check: Any, version: str, blob: str, *, explicit: bool) -> None:
    """Have a property run one example only: that of ``blob``, or those it lists itself.

    Without a blob, and if it is not ``explicit``, all of them.
    """
    from hypothesis import Phase, reproduce_failure, settings

    if blob and hasattr(check, "hypothesis"):
        reproduce_failure(version, blob.encode())(check)
    elif blob:
        aim_state_machines(version, blob.encode())
    elif explicit:
        own = getattr(check, "_hypothesis_internal_use_settings", None)
        aimed = settings(own or settings.default, phases=(Phase.explicit,))
        check._hypothesis_internal_use_settings = aimed  # noqa: SLF001 (it may have its own)


def seed_all(checks: list[Check], seed: int) -> None:
    """Have every property start from ``seed``."""
    from hypothesis import seed as seeded

    if seed == 0:
        return
    for check in checks:
        if hasattr(check.item.obj, "hypothesis"):
            seeded(seed)(check.item.obj)
