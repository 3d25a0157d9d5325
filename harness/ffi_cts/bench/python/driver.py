# SPDX-License-Identifier: Apache-2.0
"""Measures calls from Python, and tells a parent process line by line.

The twin of native/bench/driver.c, run as ``python -m ffi_cts.bench.python.driver``:

    list                                    the operations: name, needs, flags, what it does
    build                                   compile what the operations need, into the cache
    time LIBRARY FD SAMPLES SAMPLE_NS LAYOUT OP[=N]...
    callgrind LIBRARY FD SAMPLES SAMPLE_NS LAYOUT OP[=N]...
    counter LIBRARY FD SAMPLES SAMPLE_NS LAYOUT OP[=N]...

Lines and exit codes are those of driver.c. There is one difference: every operation is prepared
before the first is measured, so that callgrind need not follow imports; `begin` is told both
times. Where PYTHONHASHSEED is set, which is up to the parent, counts of the same request repeat to
the bit. Between libraries, the interpreter's look-ups depend a little on where objects lie: what
makes many of them (ctypes, NumPy arrays) moves by up to 0.4 %, the other operations don't.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns

from ffi_cts._paths import native_library
from ffi_cts.bench.meters.surroundings import SHIFT
from ffi_cts.bench.python.extensions import EXTENSIONS, build
from ffi_cts.bench.python.loops import Loop
from ffi_cts.bench.python.model import Operation, Prepared
from ffi_cts.bench.python.operations import OPERATIONS
from ffi_cts.bench.python.reasons import Unavailable, reason_of
from ffi_cts.bench.python.world import World

WARM_UP = 2048  # the interpreter tries to specialise code at ever longer intervals
COUNTED = 1024
MAX_SAMPLES = 1024
_USAGE, _NOBODY_LISTENS, _NO_METER, _NO_LIBRARY = 2, 3, 4, 5
_METERS = ("time", "callgrind", "counter")


class _BadRequest(Exception):
    """The command line makes no sense; the text says why."""


@dataclass(frozen=True)
class Request:
    """A command line: `wanted` are operations, with their iterations or 0 for the usual number.

    Of `samples` each should last `sample_ns` nanoseconds. Lines go to the descriptor `out`.
    `layout` says how far the heap is moved.
    """

    meter: str
    library: Path
    out: int
    samples: int
    sample_ns: float
    layout: int
    wanted: tuple[tuple[Operation, int], ...]

    def tell(self, *fields: object) -> None:
        """Write one line."""
        data = ("\t".join(map(_one_line, fields)) + "\n").encode()
        try:
            while data:
                data = data[os.write(self.out, data) :]
        except OSError:
            os._exit(_NOBODY_LISTENS)


def _one_line(field: object) -> str:
    return " ".join(str(field).split())


def parse(arguments: Sequence[str]) -> Request:
    """Read a command line. Raises _BadRequest."""
    if len(arguments) < 7 or arguments[0] not in _METERS:
        raise _BadRequest(
            "usage: python -m ffi_cts.bench.python.driver list|build\n"
            "       python -m ffi_cts.bench.python.driver time|callgrind|counter LIBRARY FD "
            "SAMPLES SAMPLE_NS LAYOUT OP[=N]..."
        )
    meter, library, *numbers = arguments[:6]
    try:
        out, samples, sample_ns = int(numbers[0]), int(numbers[1]), float(numbers[2])
        layout = int(numbers[3])
    except ValueError as error:
        raise _BadRequest(f"FD, SAMPLES, SAMPLE_NS or LAYOUT is no number: {error}") from error
    if not 1 <= samples <= MAX_SAMPLES:
        raise _BadRequest(f"{samples} samples: give 1 to {MAX_SAMPLES}")
    wanted = tuple(_wanted(word) for word in arguments[6:])
    return Request(meter, Path(library).absolute(), out, samples, sample_ns, layout, wanted)


def _wanted(word: str) -> tuple[Operation, int]:
    name, _, n = word.partition("=")
    for operation in OPERATIONS:
        if operation.name == name:
            if n and not n.isdecimal():
                raise _BadRequest(f"{word}: {n!r} is no number of iterations")
            return operation, int(n or 0)
    raise _BadRequest(f"no operation {name}")


def _nanoseconds(loop: Loop, n: int) -> int:
    start = perf_counter_ns()
    loop(n)
    return perf_counter_ns() - start


def _calibrate(loop: Loop, sample_ns: float) -> int:
    """Iterations that last `sample_ns`, found by trying."""
    n = 1
    while True:
        elapsed = _nanoseconds(loop, n)
        if elapsed >= sample_ns:
            return n
        # A single call is no measure of many.
        factor = 1.1 * sample_ns / elapsed if elapsed > 10_000 else 10.0
        n = int(n * min(10.0, factor)) + 1


class _Callgrind:
    """Counts one operation after the other; the counts end up in callgrind's own file."""

    def __init__(self, native: ctypes.CDLL) -> None:
        self._start = native.bench_callgrind_start
        self._zero = _request(native, "bench_callgrind_zero")
        self._dump = _request(native, "bench_callgrind_dump")
        # Asks for nothing, and is called in the same way.
        self._idle = _request(native, "bench_under_valgrind")

    def start(self) -> None:
        """From here on the processor is simulated in full."""
        self._start()

    def count(self, name: str, loop: Loop, n: int) -> None:
        """Have the counts of 0 and of n iterations dumped under their labels."""
        labels = [(f"{name} {size}".encode(), size) for size in (0, n)]
        for _ in range(8):  # the code round the loop has to settle, too
            for label, size in labels:
                _between(self._idle, self._idle, label, loop, min(size, 1))
        for label, size in labels:
            _between(self._zero, self._dump, label, loop, size)


def _request(native: ctypes.CDLL, name: str) -> Callable[[bytes], None]:
    address = ctypes.cast(getattr(native, name), ctypes.c_void_p).value
    assert address is not None
    function: Callable[[bytes], None] = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(address)
    return function


def _between(
    before: Callable[[bytes], None],
    after: Callable[[bytes], None],
    label: bytes,
    loop: Loop,
    n: int,
) -> None:
    before(label)
    loop(n)
    after(label)


def _prepare(request: Request, world: World) -> dict[str, Prepared]:
    """Make operations ready, and tell why some can't be."""
    ready = {}
    for operation, _ in request.wanted:
        request.tell("begin", operation.name)
        missing = world.lacking(operation.needs)
        try:
            if missing is not None:
                raise Unavailable(f"the library lacks TVMFFI{missing}")
            if request.meter == "counter":
                raise Unavailable("the processor's counter is read in the C layer only")
            ready[operation.name] = operation.prepare(world)
        except Unavailable as reason:
            request.tell("skip", operation.name, reason)
        except Exception as error:  # what is prepared is foreign code
            request.tell("wrong", operation.name, reason_of(error))
    return ready


def _measure(
    request: Request, operation: Operation, n: int, prepared: Prepared, callgrind: _Callgrind
) -> None:
    name, loop = operation.name, prepared.loop
    request.tell("begin", name)
    answer: list[object]
    try:
        loop(WARM_UP)
        if request.meter == "callgrind":
            n = n or COUNTED
            callgrind.count(name, loop, n)
            answer = ["counted", name, n]
        else:
            n = n or _calibrate(loop, request.sample_ns)
            samples = [_nanoseconds(loop, n) / n for _ in range(request.samples)]
            answer = ["value", name, n, *(f"{sample:.6g}" for sample in samples)]
        right = prepared.check()
    except Exception as error:  # what is called is foreign code
        request.tell("wrong", name, reason_of(error))
        return
    if right:
        request.tell(*answer)
    else:
        request.tell("wrong", name, "its results were not what they should be")


def _lay_out(layout: int) -> list[bytes]:
    """Move what comes next on both heaps, the C library's and that of small objects.

    What is given must live as long as it is to stay so.
    """
    large = [bytes(layout * SHIFT)] if layout else []
    return large + [bytes(size) for size in range(1, 480, 16) for _ in range(layout)]


def measure(request: Request) -> int:
    """Measure all that is wanted. Gives the exit code."""
    _below = _lay_out(request.layout)
    native = ctypes.CDLL(str(native_library("native")))
    counting = request.meter == "callgrind"
    if counting and not native.bench_under_valgrind():
        print("not running under valgrind", file=sys.stderr)
        return _NO_METER
    torch = not counting and any(operation.torch for operation, _ in request.wanted)
    try:
        world = World(request.library, torch=torch)
    except OSError as error:
        print(error, file=sys.stderr)
        return _NO_LIBRARY
    ready = _prepare(request, world)
    callgrind = _Callgrind(native)
    # Collections come at a moment that has nothing to do with the operation.
    gc.disable()
    if counting:
        callgrind.start()
    for operation, n in request.wanted:
        if operation.name in ready:
            _measure(request, operation, n, ready[operation.name], callgrind)
    request.tell("end")
    return 0


def _list() -> None:
    for operation in OPERATIONS:
        flags = "control" if operation.control else ""
        print(operation.name, " ".join(operation.needs), flags, operation.says, sep="\t")


def _build() -> None:
    for name in EXTENSIONS:
        try:
            print(name, build(name), sep="\t")
        except Unavailable as reason:
            print(name, reason, sep="\t")


def _leave_folder() -> None:
    """Take the working folder off the path, where ``-m`` has put it before everything else."""
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        del sys.path[0]


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says. Gives the exit code."""
    if list(arguments) == ["list"]:
        _list()
        return 0
    if list(arguments) == ["build"]:
        _build()
        return 0
    try:
        return measure(parse(arguments))
    except _BadRequest as error:
        print(error, file=sys.stderr)
        return _USAGE


if __name__ == "__main__":
    _leave_folder()
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # What a library does when Python takes everything down is no part of a measurement.
    os._exit(code)
