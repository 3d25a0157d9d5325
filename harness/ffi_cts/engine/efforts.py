# SPDX-License-Identifier: Apache-2.0
"""Efforts: how many examples a property gets, and from which seed they come."""

from __future__ import annotations

from pathlib import Path

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


def seed_all(checks: list[Check], seed: int) -> None:
    """Have every property start from ``seed``."""
    from hypothesis import seed as seeded

    if seed == 0:
        return
    for check in checks:
        if hasattr(check.item.obj, "hypothesis"):
            seeded(seed)(check.item.obj)
