# SPDX-License-Identifier: Apache-2.0
"""Types of parameters that several commands have."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


class Scale(click.FloatRange):
    """A factor above 0 and up to 1000; not a number is out of any range."""

    def __init__(self) -> None:
        super().__init__(min=0.0, min_open=True, max=1000)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


SCALE = Scale()

FILE = click.Path(path_type=Path)

_MEASURING = (
    click.option(
        "--meter",
        type=click.Choice(["instructions", "time", "both"]),
        default="both",
        show_default=True,
        help="Count instructions (exact), or read the clock (what users feel), or both.",
    ),
    click.option(
        "--only",
        multiple=True,
        metavar="GLOB",
        help="Only operations whose name fits, e.g. 'call.*'. Repeatable.",
    ),
    click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write every number."),
    click.option(
        "--markdown", "markdown_file", type=FILE, metavar="FILE", help="Write a CI summary."
    ),
    click.option("--seed", type=click.IntRange(min=0), default=0, help="Order of the rounds."),
    click.option(
        "--counter",
        type=click.Choice(["callgrind", "hardware"]),
        default="callgrind",
        show_default=True,
        help="What counts instructions: valgrind's simulator, or the processor.",
    ),
    click.option("--expect", metavar="FILE", help="Known deviations, as for `ffi-cts run`."),
    click.option("--force", is_flag=True, help="Measure without judging the core first."),
    click.option(
        "--timeout-scale",
        type=SCALE,
        default=1.0,
        metavar="X",
        help="Multiply every timeout, e.g. on a slow machine.",
    ),
)


def measuring(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has that measures."""
    for option in reversed(_MEASURING):
        command = option(command)
    return command


def meters_of(meter: str) -> tuple[str, ...]:
    """What --meter means."""
    return ("instructions", "time") if meter == "both" else (meter,)
