# SPDX-License-Identifier: Apache-2.0
"""Runs a driver: the program that loads a library and measures operations in it.

The library never comes into this process. A driver tells what it does line by line
(native/bench/driver.c says how); when it dies, the operation that it had begun is the
one to blame, and the others are measured by another process.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from attrs import define, field, frozen

import ffi_cts
from ffi_cts._paths import native_program
from ffi_cts.bench.model import Operation
from ffi_cts.engine.linux import signal_name
from ffi_cts.errors import HarnessError, UsageError

PATIENCE = 60.0
"""Seconds without a line after which a driver is taken for hung."""

_USAGE, _NO_COUNTER, _NO_LIBRARY = 2, 4, 5
_MODULES = {"python": "ffi_cts.bench.python.driver"}


def command(layer: str) -> tuple[str, ...]:
    """Start of the command line of the driver of `layer`."""
    if layer in _MODULES:
        return (sys.executable, "-m", _MODULES[layer])
    try:
        return (str(native_program("bench")),)
    except FileNotFoundError as error:
        raise UsageError(f"The benchmark's driver is missing: {error}") from error


def environment() -> dict[str, str]:
    """The environment of a driver: the user's, less what would change what is counted."""
    mine = {name: text for name, text in os.environ.items() if not name.startswith("VALGRIND")}
    # A child of `python -m` finds the package where this process found it.
    package = str(Path(ffi_cts.__file__).resolve().parents[1])
    paths = [package, *filter(None, mine.get("PYTHONPATH", "").split(os.pathsep))]
    return {**mine, "LC_ALL": "C", "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(paths)}


_PAGE = 4096
_PADDING = "FFI_CTS_PADDING"


def padded(words: Sequence[str], variables: Mapping[str, str]) -> dict[str, str]:
    """`variables` and one more, which makes them and `words` fill whole pages.

    Both lie above the stack. What depends on where the stack begins, such as a
    library's walk up the stack, must cost the same in every run.
    """
    strings = [*words, *(f"{name}={text}" for name, text in variables.items()), f"{_PADDING}="]
    # Each string ends with a NUL and has a pointer to it.
    size = sum(len(os.fsencode(string)) + 1 + 8 for string in strings)
    return {**variables, _PADDING: "x" * (-size % _PAGE)}


@cache
def operations(layer: str) -> tuple[Operation, ...]:
    """What the driver of `layer` can measure, in its order."""
    done = subprocess.run(
        [*command(layer), "list"], capture_output=True, text=True, env=environment(), check=False
    )
    if done.returncode != 0:
        raise HarnessError(f"the {layer} driver can't list its operations: {done.stderr[-400:]}")
    found = []
    for line in done.stdout.splitlines():
        name, needs, flags, says = line.split("\t")
        found.append(
            Operation(
                name=name,
                layer=layer,
                says=says,
                needs=tuple(needs.split()),
                control="control" in flags,
                shared="shared" in flags,
            )
        )
    return tuple(found)


def prepare(layer: str) -> None:
    """Let a driver build what it needs, so that no compiler runs while something is measured."""
    if layer in _MODULES:
        # What can't be built is left out later, with the reason.
        subprocess.run(
            [*command(layer), "build"], capture_output=True, env=environment(), check=False
        )


@frozen
class Request:
    """What a driver is asked: `meter` is time, threads, callgrind or counter.

    `iterations` per operation where they are fixed; `samples` of about `sample_ns`
    nanoseconds each. `prefix` goes before the command, e.g. valgrind. After `patience`
    seconds without a word the driver is killed.
    """

    layer: str
    meter: str
    library: Path
    ops: tuple[str, ...]
    samples: int = 1
    sample_ns: float = 1e5
    iterations: Mapping[str, int] = field(factory=dict)
    prefix: tuple[str, ...] = ()
    patience: float = PATIENCE

    def words(self, ops: Sequence[str], out: int) -> list[str]:
        """The whole command line."""
        given = [f"{op}={self.iterations[op]}" if op in self.iterations else op for op in ops]
        return [
            *(*self.prefix, *command(self.layer), self.meter, str(self.library)),
            *(str(out), str(self.samples), f"{self.sample_ns:g}", *given),
        ]


@define
class Answer:
    """What came of a request. Samples are per iteration, in the meter's unit."""

    samples: dict[str, list[float]] = field(factory=dict)
    iterations: dict[str, int] = field(factory=dict)
    skipped: dict[str, str] = field(factory=dict)
    broken: dict[str, str] = field(factory=dict)
    ended: bool = False

    def note(self, line: str) -> str | None:
        """Take one line in. Gives the operation that it begins, if it begins one."""
        kind, *fields = line.split("\t")
        match kind, fields:
            case "begin", [op]:
                return op
            case "skip", [op, reason]:
                self.skipped[op] = reason
            case "wrong", [op, reason]:
                self.broken[op] = reason
            case "counted", [op, n]:
                self.iterations[op] = int(n)
            case "value", [op, n, *values]:
                self.iterations[op] = int(n)
                self.samples[op] = [float(value) for value in values]
            case "end", []:
                self.ended = True
            case _:
                raise ValueError(line)
        return None

    @property
    def told(self) -> set[str]:
        """Operations that something is known of."""
        return {*self.samples, *self.iterations, *self.skipped, *self.broken}


_alive: set[subprocess.Popen[bytes]] = set()
_stopping = threading.Event()


@contextmanager
def killing() -> Iterator[None]:
    """On the way out, whatever the reason, no driver stays behind and none is started."""
    _stopping.clear()
    try:
        yield
    except BaseException:
        _stopping.set()  # for other threads, which may be about to start one
        raise
    finally:
        for process in list(_alive):
            _kill(process)


def ask(request: Request, finish: Callable[[], None] = lambda: None) -> Answer:
    """Have every operation of `request` measured, in as many processes as it takes.

    `finish` is called after each process has ended.

    Raises:
        UsageError: the library can't be loaded, or the meter doesn't work here.
        HarnessError: the driver broke down before it began.
    """
    answer = Answer()
    left = list(request.ops)
    while left:
        begun, how, errors = _run(request, left, answer)
        finish()
        if how is None or _stopping.is_set():
            break
        if begun is None:
            raise _failure(request, how, errors)
        answer.broken[begun] = how
        for op in (begun, *answer.told):
            if op in left:
                left.remove(op)
    return answer


def _failure(request: Request, how: str, errors: str) -> Exception:
    said = errors.strip().splitlines()[-1:] or ["nothing more is known"]
    if how == f"the process exited with code {_NO_COUNTER}":
        return UsageError(
            f"This machine can't count instructions so: {said[0]}.",
            "Take the other --counter, or --meter time.",
        )
    if how == f"the process exited with code {_USAGE}":
        return HarnessError(f"the {request.layer} driver does not know what to do: {said[0]}")
    why = said[0] if how == f"the process exited with code {_NO_LIBRARY}" else how
    return UsageError(
        f"{request.library} can't be loaded: {why}.",
        f"`ffi-cts run {request.library}` says more.",
    )


def _run(request: Request, ops: list[str], answer: Answer) -> tuple[str | None, str | None, str]:
    """One process: the operation it was in, how it died (None: it did not), what it said."""
    answer.ended = False
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as lines:
        words = request.words(ops, write_end)
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(write_end,),
                env=padded(words, environment()),
                start_new_session=True,
            )
        finally:
            os.close(write_end)
        _alive.add(process)
        if _stopping.is_set():  # it was too late to be among those that were killed
            _kill(process)
            return None, "it was stopped", ""
        try:
            begun, hung, errors = _listen(process, lines.fileno(), answer, request.patience)
        finally:
            _kill(process)
    if answer.ended:  # a library may still die of its destructors: every number is there
        return None, None, errors
    if hung:
        return begun, f"no answer within {request.patience:g} s", errors
    code = process.returncode
    if code < 0:
        return begun, f"killed by {signal_name(-code)}", errors
    return begun, f"the process exited with code {code}", errors


def _listen(
    process: subprocess.Popen[bytes], source: int, answer: Answer, patience: float
) -> tuple[str | None, bool, str]:
    """Read both streams to their end. Gives the unfinished operation and whether it hung."""
    assert process.stderr is not None
    errors, pending, begun = b"", b"", None
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        deadline = time.monotonic() + patience
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready and time.monotonic() >= deadline:
                return begun, True, errors.decode(errors="replace")
            for key, _ in ready:
                data = os.read(key.fd, 65536)
                if not data:
                    selector.unregister(key.fileobj)
                    if key.fd == source:  # a daemon may hold the other stream open for ever
                        deadline = min(deadline, time.monotonic() + 1)
                elif key.fd != source:
                    errors = (errors + data)[-4096:]
                else:
                    deadline = time.monotonic() + patience
                    *whole, pending = (pending + data).split(b"\n")
                    for line in whole:
                        begun = _take(line, answer, begun)
            if source not in {key.fd for key in selector.get_map().values()}:
                break
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        return begun, True, errors.decode(errors="replace")
    return begun, False, errors.decode(errors="replace")


def _take(line: bytes, answer: Answer, begun: str | None) -> str | None:
    try:
        started = answer.note(line.decode())
    except ValueError as error:
        # Nobody else has this descriptor, unless the library went looking for it.
        raise HarnessError(f"the driver said {line[:80]!r}, which makes no sense") from error
    if started is not None:
        return started
    return None if begun in answer.told or line == b"end" else begun


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()
    _alive.discard(process)
