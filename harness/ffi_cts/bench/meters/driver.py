# SPDX-License-Identifier: Apache-2.0
"""Runs a driver: the program that loads a library and measures operations in it.

The library never comes into this process. A driver tells what it does line by line
(native/bench/driver.c says how); when it dies, the operation that it had begun is the
one to blame, and the others are measured by another process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from attrs import define, field, frozen

from ffi_cts._paths import native_program
from ffi_cts.bench.meters.surroundings import environment, padded
from ffi_cts.bench.model import Operation
from ffi_cts.engine import program
from ffi_cts.errors import HarnessError, UsageError

PATIENCE = 60.0
"""Seconds without a line after which a driver is taken for hung."""

_LONGEST = 65536
"""Bytes that a line of a driver may have: 1,024 samples take a quarter of it."""
_WORDS = 4096
"""Bytes kept of each end of what a driver, or the library in it, prints."""
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


@cache
def operations(layer: str) -> tuple[Operation, ...]:
    """What the driver of `layer` can measure, in its order."""
    ending = program.run([*command(layer), "list"], env=environment(), head=1 << 20)
    if not ending.succeeded:
        raise HarnessError(
            f"the {layer} driver can't list its operations: {ending.last_words() or ending.how}"
        )
    found = []
    for line in ending.output.splitlines():
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
        program.run([*command(layer), "build"], env=environment())


@frozen
class Request:
    """What a driver is asked: `meter` is time, threads, callgrind or counter.

    `path` is where the driver finds the library, by its alias if it has one; `layout` says how
    memory lies (see surroundings). `iterations` per operation where they are fixed;
    `samples` of about `sample_ns` nanoseconds each. `prefix` goes before the command, e.g.
    valgrind. After `patience` seconds without a word the driver is killed.
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
    alias: Path | None = None
    layout: int = 0

    @property
    def path(self) -> Path:
        """Where the driver finds the library."""
        return self.alias or self.library

    def words(self, ops: Sequence[str], out: int) -> list[str]:
        """The whole command line."""
        given = [f"{op}={self.iterations[op]}" if op in self.iterations else op for op in ops]
        return [
            *(*self.prefix, *command(self.layer), self.meter, str(self.path)),
            *(str(out), str(self.samples), f"{self.sample_ns:g}", str(self.layout), *given),
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
        begun, ending = _run(request, left, answer)
        finish()
        # A library may still die of its destructors when every number is there.
        if answer.ended or program.stopping():
            break
        if begun is None:
            raise _failure(request, ending)
        answer.broken[begun] = str(ending.how)
        for op in (begun, *answer.told):
            if op in left:
                left.remove(op)
    return answer


def _failure(request: Request, ending: program.Ending) -> Exception:
    said = ending.last_words().replace(str(request.path), str(request.library))
    match ending.how:
        case program.Exited(code) if code == _NO_COUNTER:
            return UsageError(
                f"This machine can't count instructions so: {said}.",
                "Take the other --counter, or --meter time.",
            )
        case program.Exited(code) if code == _USAGE:
            return HarnessError(f"the {request.layer} driver does not know what to do: {said}")
        case program.NotStarted():
            return HarnessError(f"the {request.layer} driver does not run: {ending.how}")
        case program.Exited(code) if code == _NO_LIBRARY and said:
            why = said
        case _:
            why = str(ending.how)
    return UsageError(
        f"{request.library} can't be loaded: {why}.",
        f"`ffi-cts run {request.library}` says more.",
    )


def _run(request: Request, ops: Sequence[str], answer: Answer) -> tuple[str | None, program.Ending]:
    """One process: the operation that it was in, and how it ended."""
    answer.ended = False
    begun: str | None = None

    def take(line: bytes) -> None:
        nonlocal begun
        try:
            started = answer.note(line.decode())
        except ValueError as error:
            # Nobody else has this descriptor, unless the library went looking for it.
            raise HarnessError(f"the driver said {line[:80]!r}, which makes no sense") from error
        if started is not None:
            begun = started
        elif begun in answer.told or answer.ended:
            begun = None

    with program.Lines(take, longest=_LONGEST) as lines:
        words = request.words(ops, lines.number)
        # A simulator's own words do not lie above the stack of what it runs.
        own = words[len(request.prefix) :]
        ending = program.run(
            words,
            silence=request.patience,
            env=padded(own, environment(), request.layout),
            head=_WORDS,
            tail=_WORDS,
            lines=lines,
        )
    return begun, ending
