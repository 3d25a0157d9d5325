# SPDX-License-Identifier: Apache-2.0
"""What a benchmark shows while it works, and how it writes its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from ffi_cts.bench.measure import Watcher
from ffi_cts.errors import UsageError
from ffi_cts.report.files import write_text
from ffi_cts.report.words import visible

_Value = TypeVar("_Value")


class Steps:
    """A bar on standard error for each phase; a line for each in a log."""

    def __init__(self, *, quiet: bool, stdout_taken: bool = False) -> None:
        self.console = Console(highlight=False, stderr=stdout_taken)
        if not self.console.is_terminal:
            self.console.width = 160  # a log wraps nothing
        self._errors = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._errors,
            transient=True,
            disable=quiet or not self._errors.is_terminal,
        )
        self._task = None if self._bar.disable else self._bar.add_task("", total=None)

    def __enter__(self) -> Steps:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def watcher(self) -> Watcher:
        """The hooks to hand to what measures."""
        return Watcher(note=self.note, plan=self._plan, step=self._step)

    def note(self, message: str) -> None:
        """Say something that is not part of the result."""
        if not self._quiet:
            self._errors.print(Text(visible(message)))

    def _plan(self, what: str, steps: int) -> None:
        if self._task is not None:
            self._bar.reset(self._task, total=steps, description=what)
        else:
            self.note(f"{what} ...")

    def _step(self) -> None:
        if self._task is not None:
            self._bar.advance(self._task)

    @staticmethod
    def write(writers: Mapping[Path, Callable[[_Value], str]], value: _Value) -> bool:
        """Write every file, though one may fail. Gives whether one did."""
        failed = False
        for file, render in writers.items():
            try:
                write_text(file, render(value))
            except UsageError as error:  # the disk filled up meanwhile: the rest still counts
                click.echo(f"ffi-cts: {error}", err=True)
                failed = True
        return failed
