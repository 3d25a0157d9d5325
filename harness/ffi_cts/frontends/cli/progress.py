# SPDX-License-Identifier: Apache-2.0
"""What a run shows while it works: a live line on a terminal, nothing much in a log."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from ffi_cts.report.words import count, visible
from ffi_cts.results import DEVIATIONS, UNDECIDED, CheckResult
from ffi_cts.session import Progress

_REFRESH_SECONDS = 0.2
_MANY = 1000
"""Checks of several targets of which a log tells each tenth."""


class Display:
    """Progress on standard error, so that standard output is the report alone.

    The report for people goes there too where standard output is taken by a file.

    It refreshes when it is told of something: a refreshing thread would be copied,
    halfway through whatever it does, into every forked child.
    """

    def __init__(self, *, quiet: bool, stdout_taken: bool = False, targets: int = 1) -> None:
        self._of = f" of {targets} targets" if targets > 1 else ""
        self.console = Console(soft_wrap=True, highlight=False, stderr=stdout_taken)
        self._errors = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._live: Live | None = None
        self._planned = 0
        self._done = 0
        self._bad = 0
        self._started = time.monotonic()
        self._shown = 0.0

    def __enter__(self) -> Display:
        if self._errors.is_terminal and not self._quiet:
            self._live = Live(console=self._errors, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def callbacks(self) -> Progress:
        """The hooks to hand to the run."""
        return Progress(
            note=self._note,
            planned=self._plan,
            result=self._result,
            tick=self._tick,
            finished=self._finish,
        )

    def _note(self, message: str) -> None:
        if not self._quiet:
            self._errors.print(Text(visible(message)))

    def _plan(self, total: int) -> None:
        self._planned = total
        if self._live is None:
            self._note(f"running {count(total, 'check')}{self._of}, each in a process of its own")

    def _result(self, result: CheckResult) -> None:
        self._done += 1
        if self._live is None and self._of and self._planned >= _MANY:
            tenths = 10 * self._done // self._planned
            if tenths > 10 * (self._done - 1) // self._planned:
                self._note(f"{self._done} of {self._planned} checks are done")
        self._bad += result.status in DEVIATIONS or result.status in UNDECIDED

    def _finish(self, target: str, failed: int, left: int) -> None:
        bad = f"{count(failed, 'deviation')} of level MUST" if failed else "done"
        self._note(f"{target}: {bad}; {count(left, 'target')} left")

    def _tick(self, running: Sequence[str]) -> None:
        now = time.monotonic()
        if self._live is None or now - self._shown < _REFRESH_SECONDS:
            return
        self._shown = now
        bad = f", {self._bad} failing" if self._bad else ""
        line = f"{self._done}/{self._planned} checks{bad}, {now - self._started:.0f} s"
        self._live.update(Text(f"{line}  {'  '.join(running)}", overflow="ellipsis", no_wrap=True))
        self._live.refresh()
