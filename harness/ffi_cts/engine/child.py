# SPDX-License-Identifier: Apache-2.0
"""One forked child: started, watched, and buried whatever it did."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, NoReturn

import attrs

from ffi_cts.engine import linux, procfs, sanitizers, trace
from ffi_cts.engine.crumbs import Crumbs
from ffi_cts.engine.deadline import Clock, Overrun
from ffi_cts.engine.output import Output

HARNESS_FAILED = 70
"""Exit code of a child whose own Python code failed; the result then holds the traceback."""

KILLED, EXITED = "killed by", "the process exited"
"""How the words for a death begin."""

_REPORT = 128 << 10
"""Bytes of output in which the report of a sanitizer surely begins."""

_TIMEOUTS = (Overrun.HANGS, Overrun.OUT_OF_TIME, Overrun.STUCK)


@attrs.frozen
class Limits:
    """What a child may use: seconds of its own clock, address space in bytes (None: no limit).

    A single call of one of the functions in ``suspects``, of which there may be more by and by,
    may take ``suspect_seconds`` only. ``trace``: it writes down its stack before it dies of a
    signal. It then has handlers that a library can see, which is why no verdict rests on such a
    child alone.
    """

    seconds: float
    memory: int | None = 8 * linux.GIB
    suspects: AbstractSet[str] = frozenset()
    suspect_seconds: float = 0.0
    trace: bool = False


@attrs.frozen
class Ending:
    """How a child ended.

    ``result`` is what it delivered, None if it died first. ``in_call`` says whether
    the last of ``calls`` had not returned. ``output`` is what it printed, shortened.
    ``overrun`` says why it was killed, None if it ended by itself. ``moments`` are the stacks of
    its threads then, or of the one that died, as far as they are known.
    """

    result: bytes | None
    exit_code: int | None
    signal: int | None
    overrun: Overrun | None
    calls: tuple[str, ...]
    in_call: bool
    output: str
    seconds: float
    moments: tuple[trace.Moment, ...] = ()

    @property
    def died(self) -> bool:
        """Whether the child went without delivering a result."""
        return self.result is None

    @property
    def timed_out(self) -> bool:
        """Whether it hung, or had all its time and was not done."""
        return self.overrun in _TIMEOUTS

    @property
    def lost(self) -> bool:
        """Whether it was not the child's doing that it had no time, so that nothing is known."""
        return self.overrun is not None and not self.timed_out

    @property
    def function(self) -> str:
        """The function that had not returned, "" if there is none."""
        return self.calls[-1].partition("(")[0] if self.calls and self.in_call else ""

    def encode(self) -> dict[str, Any]:
        """What JSON can hold; ``moments`` are left out."""
        result = None if self.result is None else self.result.decode("latin-1")
        overrun = self.overrun and self.overrun.name
        return {**attrs.asdict(self), "result": result, "overrun": overrun, "moments": ()}

    @classmethod
    def decode(cls, data: dict[str, Any]) -> Ending:
        """The inverse of ``encode``."""
        result, overrun = data["result"], data["overrun"]
        return cls(
            **{
                **data,
                "result": None if result is None else result.encode("latin-1"),
                "overrun": overrun and Overrun[overrun],
                "calls": tuple(data["calls"]),
                "moments": (),
            }
        )

    def describe(self, limit: float) -> str:
        """One line: how it ended, and in or after which call."""
        if self.overrun is Overrun.OUT_OF_TIME:
            how = f"no answer within {limit:g} s"
        elif self.overrun is not None:
            how = f"no answer: {self.overrun.value},"
        elif self.signal is not None:
            how = f"{KILLED} {linux.signal_name(self.signal)}"
        else:
            how = f"{EXITED} with code {self.exit_code}"
        if not self.calls:
            return f"{how} before the first ABI call"
        return f"{how} {'inside' if self.in_call else 'after'} {self.calls[-1]}"


NOT_STARTED = Ending(None, None, None, Overrun.NOT_STARTED, (), False, "", 0.0)
"""Of a child for which there was no room."""

ABANDONED = attrs.evolve(NOT_STARTED, overrun=Overrun.ABANDONED)
"""Of a child whose parent was killed."""


_living: set[Child] = set()
"""Children of this process that are not buried. Each inherits what it holds of the others."""

_private: set[int] = set()

_kills_for_memory: int | None = None
"""How many the kernel had killed when it was last asked."""


def _memory_ran_out() -> bool:
    """Whether the kernel has killed somebody for memory since this was last asked."""
    global _kills_for_memory
    before, _kills_for_memory = _kills_for_memory, procfs.kills_for_memory()
    return before is not None and _kills_for_memory > before


def keep_from_children(descriptor: int) -> None:
    """Have a descriptor closed in each child that is started from now on."""
    _private.add(descriptor)


class Child:
    """A forked child that runs ``body(crumbs)`` and delivers the bytes it returns.

    Make it, and put it where it is found again, within ``linux.undisturbed``.

    Raises:
        OSError: the system has no room for another process.
    """

    def __init__(self, body: Callable[[Crumbs], bytes], limits: Limits) -> None:
        self.limits = limits
        if _kills_for_memory is None:
            _memory_ran_out()
        self._crumbs = Crumbs()
        self._output = Output(head=_REPORT) if sanitizers.loaded() else Output()
        read_end, write_end = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._started = time.monotonic()
        parent = os.getpid()
        try:
            with linux.undisturbed():
                self.pid = os.fork()
                if self.pid == 0:
                    os.close(read_end)
                    _run(body, self._crumbs, write_end, limits, parent)
        except OSError:
            os.close(read_end)
            self._crumbs.close()
            raise
        finally:
            os.close(write_end)
        os.set_blocking(read_end, False)
        self.output_fd = read_end
        self.pidfd = linux.open_pidfd(self.pid)
        self._output_open = True
        self._clock = Clock(self.pid, limits.seconds, self._started)
        self._entered = (0, 0.0)
        _living.add(self)

    def pause(self) -> float:
        """Seconds after which ``poll`` may have news, though no descriptor has."""
        pause = self._clock.pause(time.monotonic())
        return pause if self.pidfd is not None else min(pause, 0.002)

    @property
    def idle(self) -> bool:
        """Whether it has not wanted a core for a while."""
        return self._clock.idle(time.monotonic())

    @property
    def descriptors(self) -> list[int]:
        """What to wait on for news of this child."""
        watched = [self.output_fd] if self._output_open else []
        return watched + ([self.pidfd] if self.pidfd is not None else [])

    def drain(self) -> None:
        """Take what the child has printed so far, at most a few megabytes at once."""
        for _ in range(64):
            try:
                data = os.read(self.output_fd, 65536)
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    self._output_open = False
                return
            if not data:
                self._output_open = False
                return
            self._output.feed(data)

    def poll(self) -> Ending | None:
        """The ending if the child is gone or out of time, else None."""
        if self._output_open:
            self.drain()
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            killed = os.waitstatus_to_exitcode(status) == -signal.SIGKILL
            return self._bury(status, Overrun.NO_MEMORY if killed and _memory_ran_out() else None)
        overrun = self._clock.look(time.monotonic()) or self._stuck()
        return None if overrun is None else self.kill(overrun)

    def _stuck(self) -> Overrun | None:
        """Whether it has been in one call of a suspect for as long as that may take."""
        crumbs, limits = self._crumbs, self.limits
        if not (limits.suspects and crumbs.in_call):
            return None
        number, since = self._entered
        if crumbs.entered != number:
            self._entered = (crumbs.entered, self._clock.had)
        elif self._clock.had - since >= limits.suspect_seconds:
            called = crumbs.calls[-1:]
            if called and called[0].partition("(")[0] in limits.suspects:
                return Overrun.STUCK
        return None

    def kill(self, overrun: Overrun | None = None) -> Ending:
        """Kill the whole process group and collect what is left."""
        moments: tuple[trace.Moment, ...] = ()
        if overrun in _TIMEOUTS:
            moments = trace.request(self.pid, lambda: self._crumbs.moments)
        self._kill_group()
        status = int(signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # interrupted just after it was collected
            _, status = os.waitpid(self.pid, 0)
        return self._bury(status, overrun, moments)

    def wait(self) -> Ending:
        """Block until the child is gone or out of time."""
        while True:
            ending = self.poll()
            if ending is not None:
                return ending
            linux.wait_readable(self.descriptors, self.pause())

    def _forget(self) -> None:
        """Close what belongs to this child: called in another one, which must not reach it."""
        self._crumbs.close()
        os.close(self.output_fd)
        if self.pidfd is not None:
            os.close(self.pidfd)

    def _kill_group(self) -> None:
        for kill, target in ((os.killpg, self.pid), (os.kill, self.pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(target, signal.SIGKILL)

    def _bury(
        self, status: int, overrun: Overrun | None = None, moments: tuple[trace.Moment, ...] = ()
    ) -> Ending:
        seconds = time.monotonic() - self._started
        # Whatever the library left running in the group must not outlive the check.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if self._output_open:
            self.drain()
        crumbs = self._crumbs
        code = os.waitstatus_to_exitcode(status)
        moments = moments or tuple(
            moment for moment in crumbs.moments if moment.asked or moment.process == self.pid
        )
        for moment in moments:
            if not (moment.asked or moment.done) and code < 0:
                code = -moment.signal  # it died of that one, only later
        ending = Ending(
            result=crumbs.result if overrun is None else None,
            exit_code=code if code >= 0 else None,
            signal=-code if code < 0 else None,
            overrun=overrun,
            calls=crumbs.calls,
            in_call=crumbs.in_call,
            output=self._output.text(),
            seconds=seconds,
            moments=moments,
        )
        _living.discard(self)
        self._forget()
        return ending


def _run(
    body: Callable[[Crumbs], bytes], crumbs: Crumbs, output: int, limits: Limits, parent: int
) -> NoReturn:
    """The child's life. Never returns, and runs no handler of the parent on its way out."""
    code = HARNESS_FAILED
    try:
        gc.disable()  # a collection would touch, and so copy, every page of the parent
        os.setsid()  # a process group to kill, and no terminal to wait at
        linux.die_with_parent(parent)
        while _living:
            _living.pop()._forget()  # noqa: SLF001 (of the same class)
        while _private:
            os.close(_private.pop())
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        linux.accept_requests()
        linux.limit_resources(limits.memory)
        trace.watch(crumbs.trace_address, deaths=limits.trace)
        crumbs.finish(body(crumbs))
        code = 0
    except BaseException:  # noqa: BLE001 (the parent is told of anything)
        crumbs.finish(b"!" + traceback.format_exc().encode("utf-8", "replace"))
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
