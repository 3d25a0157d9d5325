# SPDX-License-Identifier: Apache-2.0
"""Types of parameters that several commands have."""

from __future__ import annotations

import math
import os
import re
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
        """Give the value as its type. Raises BadParameter."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


SCALE = Scale()

FILE = click.Path(path_type=Path)


class OutputFile(click.Path):
    """A file to write. A lone `-` is standard output; `./-` is a file of that name."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Give the value as its type. Raises BadParameter."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == Path("-") and value != "-" else path


OUTPUT = OutputFile()


class Shard(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A part of a whole, such as 2/4: the second of four."""

    name = "shard"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Give number and count. Raises BadParameter."""
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", value)
        number, of = (int(text) for text in match.groups()) if match else (0, 0)
        if not 1 <= number <= of:
            self.fail(f"{value!r} is no part; write 1/4 for the first of four.", param, ctx)
        return number, of


SHARD = Shard()
