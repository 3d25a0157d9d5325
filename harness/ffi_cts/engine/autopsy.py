# SPDX-License-Identifier: Apache-2.0
"""Why a child died, or what it was doing when it hung: in words that are the same in each run.

No address is told, since it differs from run to run: places in code are a module and an offset,
places in memory are named by what lies there.
"""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import Iterator, Sequence

import attrs

from ffi_cts.engine.child import EXITED, KILLED, Ending
from ffi_cts.engine.symbols import Frame, Memory
from ffi_cts.engine.trace import Moment, Place

DEATH_WORDS = (KILLED, EXITED)
"""One of them stands in the message of each death that ``examine`` describes."""

_FRAMES = 20
_OUTER = 6
_THREADS = 4
_NULL = 1 << 16
_STACK_STEP = 1 << 16
_HIGHEST = 1 << 47
# What calls into C on behalf of Python: from there on, the stack is the suite's own.
_PYTHON = re.compile(r"_cffi_backend\b|_ctypes\b|libffi\b|libpython|python[0-9.]*$")
_HANDS = {
    "__stack_chk_fail": "the stack was overwritten (__stack_chk_fail)",
    "__assert_fail": "an assertion of the library failed",
    "_ZSt9terminatev": "std::terminate was called: an exception that nobody catches",
    "__fortify_fail": "a function of the C library saw a buffer overflow",
    "__chk_fail": "a function of the C library saw a buffer overflow",
}
# Instructions that want their operand aligned: movaps, movdqa and their kin.
_ALIGNED = re.compile(
    rb"(?:\x66)?[\x40-\x4f]?\x0f[\x28\x29\x2b]|\x66[\x40-\x4f]?\x0f[\x6f\x7f\xe7]"
)
_REPORT = re.compile(r"^==\d+==\s*ERROR: (\w+Sanitizer): (.*)$", re.MULTILINE)
_SUMMARY = re.compile(r"^SUMMARY: (\w+Sanitizer: .*)$", re.MULTILINE)
_REPORTED = re.compile(r"^ {4}#(\d+) 0x[0-9a-f]+ (?:in )?(.+)$", re.MULTILINE)
_PATH = re.compile(r"/(?:[^/\s()]+/)+")
_ADDRESS = re.compile(r"\b0x0*([0-9a-f]+)\b")
_PROCESS = re.compile(r"^==\d+==", re.MULTILINE)
_OUTPUT = 8192


@attrs.frozen
class Autopsy:
    """What is known of a death: how, what was touched, and from where. Empty if nothing is."""

    message: str
    fault: str = ""
    stack: tuple[str, ...] = ()


def examine(ending: Ending, limit: float) -> Autopsy:
    """What became of a child that delivered nothing; ``limit`` is the time that it had."""
    message = ending.describe(limit)
    reported = _report(ending.output) if ending.signal is not None else None
    if reported is not None:
        return attrs.evolve(reported, message=f"{reported.message}\n{message}")
    if ending.overrun is not None:
        return Autopsy(message, stack=_hanging(ending.moments))
    dead = next((moment for moment in ending.moments if not moment.asked), None)
    if dead is None:
        return Autopsy(message)
    memory = Memory(dead.maps)
    frames, outer = _foreign(memory, dead.frames), _foreign(memory, dead.outer)
    if not dead.signal:
        names = [frame.function for frame in frames]
        begin = names.index("exit") if "exit" in names else 0
        return Autopsy(message, "exit was called", tuple(_lines(frames[begin:], outer)))
    return Autopsy(message, _fault(dead, memory, frames), tuple(_lines(frames, outer)))


# The stack.


def _lines(frames: Sequence[Frame], outer: Sequence[Frame], *, hangs: bool = False) -> list[str]:
    """Frames from the innermost, numbered."""
    if outer or len(frames) > _FRAMES:
        behind = outer[-_OUTER:] if outer else frames[-_OUTER:]
        kept = [*frames[: _FRAMES - _OUTER], None, *behind]
    else:
        kept = [*frames]
    # Where in a loop it was asked is chance.
    texts = [
        "…" if frame is None else frame.text(exact=not (hangs and number == 0))
        for number, frame in enumerate(kept)
    ]
    lines: list[str] = []
    for text, again in itertools.groupby(texts):
        times = len(list(again))
        line = text if text == "…" else f"#{len(lines)} {text}"
        lines.append(line if times < 3 else f"{line}, again and again")
    return lines


def _foreign(memory: Memory, addresses: Sequence[int]) -> list[Frame]:
    """Frames up to where Python calls; if all are Python's, the innermost two.

    Those beyond are not even named: it takes long to find a name in all of Python.
    """
    end = next(
        (at for at, address in enumerate(addresses) if _PYTHON.match(memory.module(address))),
        len(addresses),
    )
    return [memory.frame(address) for address in addresses[: end or 2]]


def _hanging(moments: Sequence[Moment]) -> tuple[str, ...]:
    """The stacks of threads that wait or compute; alike ones once."""
    stacks: dict[tuple[str, ...], int] = {}
    for moment in sorted(moments, key=lambda each: (each.thread != each.process, each.thread)):
        memory = Memory(moment.maps)
        frames, outer = _foreign(memory, moment.frames), _foreign(memory, moment.outer)
        lines = tuple(_lines(frames, outer, hangs=True))
        stacks[lines] = stacks.get(lines, 0) + 1
    told: list[str] = []
    for number, (stack, threads) in enumerate(list(stacks.items())[:_THREADS]):
        if len(stacks) > 1 or threads > 1:
            name = f"thread {number + 1}" if threads == 1 else f"{threads} threads alike"
            told.append(f"{name}:")
        told += stack
    return tuple(told)


# What was touched.


def _fault(dead: Moment, memory: Memory, frames: Sequence[Frame]) -> str:
    if dead.signal == signal.SIGABRT:
        return _aborted(frames)
    if dead.code <= 0:
        return "the signal was sent, by the process itself or from outside"
    if dead.signal == signal.SIGFPE:
        return "an integer division by zero, or one whose result does not fit"
    if dead.signal in (signal.SIGILL, signal.SIGTRAP):
        return "an instruction that ends the program, as compilers put behind what can't happen"
    if dead.signal == signal.SIGBUS:
        return "a misaligned address" if dead.code == 1 else "memory behind the end of its file"
    if dead.signal != signal.SIGSEGV:
        return ""
    if dead.trap:
        if _ALIGNED.match(dead.instruction):
            return "a misaligned address, or none that can exist: the instruction wants 16 bytes"
        return "an address that can't exist (it is not canonical)"
    return f"{_VERBS.get(dead.access, 'access to')} {_what(dead, memory)}"


def _aborted(frames: Sequence[Frame]) -> str:
    names = [frame.function for frame in frames]
    for name, text in _HANDS.items():
        if name in names:
            return text
    if "abort" not in names:
        return "SIGABRT was raised"
    caller = names.index("abort") + 1
    library = frames[caller - 1].module
    inside = [*itertools.takewhile(lambda frame: frame.module == library, frames[caller:])]
    if not inside:
        return "abort was called"
    heap = next((frame.function for frame in inside if frame.function in _HEAP), None)
    return f"the C library found the heap damaged in {heap}" if heap else _ENDED


_HEAP = ("free", "malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign")
_ENDED = "the C library ended the process; the output says why"
_VERBS = {1: "read of", 2: "write to", 4: "call of"}


def _what(dead: Moment, memory: Memory) -> str:
    """What lies at the address of a fault."""
    address = dead.address
    if address < _NULL:
        return f"NULL + {address}" if address else "NULL"
    if address >= (1 << 64) - _NULL:
        return f"NULL - {(1 << 64) - address}"
    if dead.place is Place.BEHIND_BUFFER:
        buffer = f"a buffer of {_bytes(dead.size)} that the check passed"
        where = f"{_bytes(dead.offset)} behind its end" if dead.offset else "right behind its end"
        return f"the guard page behind {buffer}, {where}"
    if dead.place is Place.FREED_BUFFER:
        return f"a buffer of {_bytes(dead.size)} of the check that is freed"
    if dead.place is Place.DELETED_OBJECT:
        return f"an object that was deleted, {_bytes(dead.offset)} behind its header's begin"
    mapping = memory.at(address)
    free = mapping is None or mapping.rights.startswith("---")
    if free and -_STACK_STEP <= dead.stack_pointer - address <= _STACK_STEP and _deep(dead):
        return "what lies below the stack, which is used up"
    if mapping is None:
        return (
            "memory that is not there" if address < _HIGHEST else "an address that no program has"
        )
    name = mapping.path.rpartition("/")[2] or "memory without a file"
    if mapping.rights.startswith("---"):
        return f"memory that nobody may touch ({name})"
    if dead.access == 4:
        return f"data, which is no code ({name})"
    if dead.access == 2:
        return f"memory that is only to be read ({name})"
    return f"memory with the rights {mapping.rights[:3]} ({name})"


def _deep(dead: Moment) -> bool:
    return len(dead.frames) > _FRAMES


def _bytes(number: int) -> str:
    return f"{number} byte{'' if number == 1 else 's'}"


# Sanitizers.


def _report(output: str) -> Autopsy | None:
    """What AddressSanitizer, or a kin of it, has printed before it ended the process."""
    begun = _REPORT.search(output)
    if begun is None:
        return None
    text = output[begun.start() :]
    summary = _SUMMARY.search(text)
    headline = summary[1] if summary else f"{begun[1]}: {begun[2]}"
    frames = list(_reported(text))
    return Autopsy(
        _PATH.sub("", _named(headline)),
        _named(begun[2].partition(" at pc ")[0].partition(" (pc ")[0]),
        tuple(f"#{number} {frame}" for number, frame in enumerate(frames)),
    )


def shown(output: str) -> str:
    """What a process printed; of a sanitizer's report what says most, first."""
    begun = _REPORT.search(output)
    if begun is None:
        return output if len(output) <= _OUTPUT else f"{output[:_OUTPUT]}…"
    text = output[begun.start() :]
    summary = _SUMMARY.search(text)
    lines = [summary[0]] if summary else []
    python = False
    for line in text[: summary.start() if summary else None].splitlines():
        frame = _REPORTED.match(line)
        python = frame is not None and (python or _is_python(frame[2]))
        if not python:
            lines.append(line)
    return _named(_PROCESS.sub("", "\n".join(lines)[:_OUTPUT]))


def _is_python(frame: str) -> bool:
    module = re.search(r"\(([^()]*?)\+0x[0-9a-f]+\)", frame)
    return module is not None and _PYTHON.match(module[1].rpartition("/")[2]) is not None


def _named(text: str) -> str:
    """A text without addresses, which differ in each run."""
    return _ADDRESS.sub(lambda m: f"NULL + {int(m[1], 16)}" if len(m[1]) < 5 else "0x…", text)


def _reported(text: str) -> Iterator[str]:
    """The first stack of a report, until Python calls."""
    last = -1
    for match in _REPORTED.finditer(text):
        number, frame = int(match[1]), match[2]
        if number <= last or number >= _FRAMES or _is_python(frame):
            return
        last = number
        yield _PATH.sub("", re.sub(r" *\(BuildId: \w+\)", "", frame))
