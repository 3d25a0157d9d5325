# SPDX-License-Identifier: Apache-2.0
"""The options that `bench` and `compare` share, and what they mean for a measurement."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ffi_cts.frontends.cli.parameters import OUTPUT, SCALE

if TYPE_CHECKING:
    from ffi_cts.bench.settings import Settings

Command = Callable[..., None]


@dataclass(frozen=True)
class Wanted:
    """The shared options as they were given, each under the name of its parameter."""

    meter: str
    only: tuple[str, ...]
    layer: str
    rounds: int
    seed: int
    counter: str
    expect: str | None
    force: bool
    timeout_scale: float
    json_file: Path | None
    markdown_file: Path | None
    quiet: bool

    @property
    def outputs(self) -> dict[str, Path | None]:
        """The files to write, by option."""
        return {"--json": self.json_file, "--markdown": self.markdown_file}

    def settings(self, layers: Sequence[str], *, contended: bool = True) -> Settings:
        """What is measured of `layers`, and how."""
        from ffi_cts.bench.settings import COUNTERS, Settings

        return Settings(
            meters=("instructions", "time") if self.meter == "both" else (self.meter,),
            layers=tuple(layers),
            only=self.only,
            contended=contended,
            rounds=self.rounds,
            seed=self.seed,
            force=self.force,
            expect=self.expect,
            counter=COUNTERS[self.counter],
            timeout_scale=self.timeout_scale,
        )


_METER = click.option(
    "--meter",
    type=click.Choice(["instructions", "time", "both"]),
    default="both",
    show_default=True,
    help="Count instructions (exact), or read the clock (what users feel), or both.",
)
_ONLY = click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Only operations whose name fits, e.g. 'call.*'. Repeatable.",
)
_HOW = (
    click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write every number."),
    click.option(
        "--markdown", "markdown_file", type=OUTPUT, metavar="FILE", help="Write a CI summary."
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


def measuring(
    *, layers: Sequence[str], layer: str, rounds: int, least: int, quiet: str
) -> Callable[[Command], Command]:
    """Add the shared options to a command, which gets them as one value, `wanted`.

    `layers` are the choices of --layer and `layer` its default; `rounds` is the default of
    --rounds and `least` the fewest that make sense; `quiet` says what -q does.
    """
    options = (
        _METER,
        _ONLY,
        click.option(
            "--layer",
            type=click.Choice(layers),
            default=layer,
            show_default=True,
            help="Calls from C, from Python, or of CUDA kernels."
            if "cuda" in layers
            else "Calls from C, or from Python.",
        ),
        *_HOW,
        click.option(
            "--rounds",
            type=click.IntRange(least, 1000),
            default=rounds,
            show_default=True,
            help="Interleaved rounds of the clock.",
        ),
        click.option("-q", "--quiet", is_flag=True, help=quiet),
    )

    def add(command: Command) -> Command:
        @functools.wraps(command)
        def packed(**given: object) -> None:
            shared = {field.name: given.pop(field.name) for field in fields(Wanted)}
            command(wanted=Wanted(**shared), **given)  # type: ignore[arg-type]  # click has typed them

        decorated: Command = packed
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return add
