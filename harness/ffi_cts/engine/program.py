# SPDX-License-Identifier: Apache-2.0
"""One way to run another program: bounded in time, memory and output, and buried afterwards.

The program gets a session of its own and no shell. Whatever it left in its process group is
killed with it, it dies with the thread that waits for it, and what it prints can fill neither
memory nor disk. How it ended is a value, not a text::

    ending = run(["cc", "--version"], seconds=60)
    match ending.how:
        case Exited(0): ...
        case TimedOut(seconds): ...
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

import attrs

from ffi_cts.engine import linux
from ffi_cts.engine.output import Output

_CHUNK = 65536
_LONGEST_LINE = 1 << 20


@attrs.frozen
class Exited:
    """It ended by itself, with this exit code."""

    code: int

    def __str__(self) -> str:
        return f"the process exited with code {self.code}"


@attrs.frozen
class Signalled:
    """A signal killed it: one that it met, or that somebody else sent."""

    number: int

    def __str__(self) -> str:
        return f"killed by {linux.signal_name(self.number)}"


@attrs.frozen
class TimedOut:
    """It was killed, because it took, or said nothing for, this many seconds."""

    seconds: float

    def __str__(self) -> str:
        return f"no answer within {self.seconds:g} s"


@attrs.frozen
class NotStarted:
    """It could not be started; ``errno`` is the system's reason."""

    errno: int

    def __str__(self) -> str:
        return f"it can't be started: {os.strerror(self.errno)}"


@attrs.frozen
class Endless:
    """It was killed, because a line of its protocol grew beyond this many bytes."""

    limit: int

    def __str__(self) -> str:
        return f"a line of more than {self.limit} bytes"


@attrs.frozen
class Stopped:
    """It was killed, or not started at all, because everything is to end (see ``killing``)."""

    def __str__(self) -> str:
        return "it was stopped"


How: TypeAlias = Exited | Signalled | TimedOut | NotStarted | Endless | Stopped


@attrs.frozen
class Ending:
    """How a program ended and what it printed, shortened in the middle.

    ``output`` is its standard output, ``errors`` its standard error.
    """

    how: How
    output: str = ""
    errors: str = ""
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether it exited with code 0."""
        return self.how == Exited(0)

    def last_words(self) -> str:
        """The last line on standard error, or else on standard output; empty if none."""
        for text in (self.errors, self.output):
            lines = [line for line in text.splitlines() if line.strip()]
            if lines:
                return lines[-1].strip()
        return ""


class Lines:
    """A protocol: the lines that a program writes on a descriptor of its own.

    Not on standard output, where a library may print too. The number of the descriptor,
    ``number``, goes into the program's words; it always has three digits, so that the length of
    a command line does not hang on what else is open.

    Args:
        take: called with each line, without its newline, in the thread that runs the program.
            What it raises ends the program and goes on to the caller of ``run``.
        longest: bytes that a line may have.
    """

    def __init__(self, take: Callable[[bytes], None], longest: int = _LONGEST_LINE) -> None:
        self.take = take
        self.longest = longest
        self.source, end = os.pipe()
        try:
            self.number = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 100)
        finally:
            os.close(end)
        self._open = {self.source, self.number}
        self._pending = b""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both ends; harmless if they are closed."""
        for descriptor in list(self._open):
            self.close_one(descriptor)

    def close_one(self, descriptor: int) -> None:
        """Close one end, once."""
        if descriptor in self._open:
            self._open.discard(descriptor)
            os.close(descriptor)

    def feed(self, data: bytes) -> bool:
        """Take in what was read. False if the line that has begun is too long."""
        *whole, self._pending = (self._pending + data).split(b"\n")
        for line in whole:
            if len(line) > self.longest:
                return False
            self.take(line)
        return len(self._pending) <= self.longest


_alive: set[subprocess.Popen[bytes]] = set()
_stopping = threading.Event()


@contextlib.contextmanager
def killing() -> Iterator[None]:
    """On the way out, whatever the reason, no program stays behind; after Ctrl-C none is started.

    For a main thread whose workers run programs: theirs end as ``Stopped``.
    """
    _stopping.clear()
    try:
        yield
    except Exception:
        raise  # somebody may go on after it
    except BaseException:
        _stopping.set()  # for other threads, which may be about to start one
        raise
    finally:
        for process in list(_alive):
            _kill(process)  # whoever runs it closes its pipes


def stopping() -> bool:
    """Whether everything is to end: ``killing`` was left by an interruption."""
    return _stopping.is_set()


def run(
    words: Sequence[str | Path],
    *,
    seconds: float | None = None,
    silence: float | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    memory: int | None = None,
    head: int = 65536,
    tail: int = 65536,
    lines: Lines | None = None,
) -> Ending:
    """Run a program to its end, without a shell and without input.

    Args:
        words: the program, looked for on the PATH, and its arguments.
        seconds: wall time in all; None for as long as it takes.
        silence: wall time without a line of ``lines``.
        env: its whole environment; this process's if None.
        cwd: the folder it starts in.
        memory: limit of its address space in bytes.
        head: bytes of each stream that are kept from its beginning.
        tail: bytes of each stream that are kept from its end.
        lines: a protocol on a descriptor of its own, which is closed afterwards.
    """
    streams = (Output(head, tail), Output(head, tail))
    started = time.monotonic()
    try:
        process = _start(words, env, cwd, memory, lines)
    except OSError as error:
        if lines is not None:
            lines.close()
        return Ending(NotStarted(error.errno or 0), seconds=time.monotonic() - started)
    try:
        if _stopping.is_set():  # it was too late to be among those that were killed
            return Ending(Stopped(), seconds=time.monotonic() - started)
        cut = _Listener(process, streams, lines).listen(seconds, silence)
    finally:
        _kill(process)
        _alive.discard(process)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        if lines is not None:
            lines.close()
    output, errors = (stream.text() for stream in streams)
    return Ending(cut or _how(process.returncode), output, errors, time.monotonic() - started)


def _how(code: int) -> How:
    if code < 0:
        return Stopped() if _stopping.is_set() else Signalled(-code)
    return Exited(code)


def _start(
    words: Sequence[str | Path],
    env: Mapping[str, str] | None,
    cwd: Path | None,
    memory: int | None,
    lines: Lines | None,
) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    with linux.undisturbed():

        def prepare() -> None:
            linux.die_with_parent(parent)
            if memory is not None:
                linux.limit_address_space(memory)
            linux.accept_requests()

        process = subprocess.Popen(
            [os.fspath(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=() if lines is None else (lines.number,),
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509 (what it calls takes no lock)
        )
        _alive.add(process)
    if lines is not None:
        lines.close_one(lines.number)
    return process


class _Listener:
    """Reads what a running program says until it is gone or out of time."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        streams: tuple[Output, Output],
        lines: Lines | None,
    ) -> None:
        assert process.stdout is not None and process.stderr is not None
        self._process = process
        self._takers: dict[int, Callable[[bytes], bool]] = {}
        for pipe, stream in zip((process.stdout, process.stderr), streams, strict=True):
            self._takers[pipe.fileno()] = self._keeper(stream)
        self._source = -1
        if lines is not None:
            self._source = lines.source
            self._takers[lines.source] = lines.feed
        self._longest = 0 if lines is None else lines.longest
        for descriptor in self._takers:
            os.set_blocking(descriptor, False)

    @staticmethod
    def _keeper(stream: Output) -> Callable[[bytes], bool]:
        def keep(data: bytes) -> bool:
            stream.feed(data)
            return True

        return keep

    def listen(self, seconds: float | None, silence: float | None) -> How | None:
        """None if the program ended by itself, else why it must be killed."""
        begun = heard = time.monotonic()
        with selectors.DefaultSelector() as selector, _news(self._process) as gone:
            for descriptor in (*self._takers, *gone):
                selector.register(descriptor, selectors.EVENT_READ)
            while True:
                now = time.monotonic()
                left = [
                    (since + limit - now, limit)
                    for since, limit in ((begun, seconds), (heard, silence))
                    if limit is not None
                ]
                pause, limit = min(left, default=(1.0, 0.0))
                if pause <= 0:
                    return TimedOut(limit)
                # Where the kernel has no descriptor for a process, it has to be asked.
                for key, _ in selector.select(min(pause, 1.0) if gone else min(pause, 0.02)):
                    if key.fd not in self._takers:
                        continue
                    data = _read(key.fd)
                    if data == b"":
                        selector.unregister(key.fd)
                    elif data is not None:
                        heard = time.monotonic() if key.fd == self._source else heard
                        if not self._takers[key.fd](data):
                            return Endless(self._longest)
                if _ended(self._process):
                    return self._rest()

    def _rest(self) -> How | None:
        """What is still in the pipes; a daemon may hold their other ends for ever."""
        for descriptor, take in self._takers.items():
            for _ in range(64):
                data = _read(descriptor)
                if not data:
                    break
                if not take(data):
                    return Endless(self._longest)
        return None


def _read(descriptor: int) -> bytes | None:
    """What can be read now: nothing at the end, None if there is nothing yet."""
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return None


@contextlib.contextmanager
def _news(process: subprocess.Popen[bytes]) -> Iterator[tuple[int, ...]]:
    """What becomes readable when the process ends, where there is such a thing."""
    descriptor = linux.open_pidfd(process.pid)
    try:
        yield () if descriptor is None else (descriptor,)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it is gone. It is not collected, so that the id of its group stays its own."""
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # another thread has collected it
        return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the program's group, and collect the program."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
