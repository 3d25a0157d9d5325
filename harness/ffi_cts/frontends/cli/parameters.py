# SPDX-License-Identifier: Apache-2.0
"""Types of parameters that several commands have."""

from __future__ import annotations

import math
import os
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
