# SPDX-License-Identifier: Apache-2.0
"""What checks get in place of ``ffi``, of libraries and of ``int`` while they are recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ffi_cts.checks import describing
from ffi_cts.checks.runtime import Runtime
from ffi_cts.engine import observation
from ffi_cts.programs import literals
from ffi_cts.programs.record import Step
from ffi_cts.programs.traced import TracedBytes, TracedInt, assume
from ffi_cts.programs.tracer import Traced, Tracer, _base

_KEPT = ("ffi_cts.checks.describing", "ffi_cts.checks.headers", "ffi_cts.checks.native")


class Ffi:
    """Does what the real one does, and has the tracer note what it makes."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._ffi = tracer.real
        self._destructors: dict[int, Callable[[Any], object]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, cdecl: str, init: Any = None) -> Traced:
        """Memory, zero or with ``init``."""
        tracer, ffi = self._tracer, self._ffi
        real = ffi.new(cdecl) if init is None else ffi.new(cdecl, tracer.bare(init))
        if cdecl.startswith("cts_api"):
            return Traced(tracer, real, "&api")
        kind = ffi.typeof(real)
        name = tracer.name(_base(kind.item))
        if kind.kind == "array":
            return self._array(real, kind, name, init)
        declared = tracer.declared(kind.item, name)
        start = ""
        if isinstance(init, list | tuple) and kind.item.kind == "struct":
            fields = (field for field, _ in kind.item.fields)
            init = dict(zip(fields, init, strict=False))
        if not isinstance(init, dict) and init is not None:
            start = f" = {tracer.expression(init, kind.item)}"
        elif kind.item.kind in ("struct", "union"):
            tracer.write(Step(kind="new", name=name, c=f"{declared};"))
            tracer.write(Step(kind="set", name=name, c=f"memset(&{name}, 0, sizeof({name}));"))
        if start or kind.item.kind not in ("struct", "union"):
            start = start or (" = NULL" if kind.item.kind in ("pointer", "function") else " = 0")
            tracer.write(Step(kind="new", name=name, c=f"{declared}{start};"))
        made: Traced = tracer.wrap(real, f"&{name}")
        if isinstance(init, dict):
            for field, value in init.items():
                if tracer.bare(value) not in (0, ffi.NULL):
                    setattr(made, field, value)
        return made

    def _array(self, real: Any, kind: Any, name: str, init: Any) -> Traced:
        tracer = self._tracer
        size = len(real)
        item = kind.item
        declared = tracer.declared(item, f"{name}[{max(size, 1)}]")
        if isinstance(init, bytes):
            if len(set(init)) <= 1 and len(init) > 64:
                c = f"static {declared};"
                fill = f"memset({name}, {init[0]}, {len(init)});"
                tracer.write(Step(kind="new", name=name, c=c))
                tracer.write(Step(kind="set", name=name, c=fill))
            else:
                text = literals.string(init)
                # One more than written: C's own terminator, which nobody else is told of.
                tracer.write(
                    Step(kind="new", name=name, c=f"char {name}[] = {text};", type="array")
                )
        elif isinstance(init, list | tuple) and init:
            inside = ", ".join(tracer.expression(each, item) for each in init)
            tracer.write(Step(kind="new", name=name, c=f"{declared} = {{{inside}}};"))
        else:
            tracer.write(Step(kind="new", name=name, c=f"{declared};"))
            tracer.write(Step(kind="set", name=name, c=f"memset({name}, 0, sizeof({name}));"))
        return Traced(tracer, real, name)

    def cast(self, cdecl: Any, value: Any) -> Traced:
        """The same value as another type."""
        tracer = self._tracer
        real = self._ffi.cast(cdecl, tracer.bare(value))
        kind = self._ffi.typeof(real)
        if isinstance(value, Traced):
            expr = f"(({tracer.declared(kind, '')}){value.place()})"
            if kind.kind == "function":
                expr = tracer.expression(value)
        elif isinstance(value, int):
            expr = f"(({tracer.declared(kind, '')})(uintptr_t){tracer.expression(value)})"
            expr = "NULL" if kind.kind == "pointer" and int(value) == 0 else expr
        else:
            expr = tracer.expression(value)
            if kind.kind == "pointer" and expr != "NULL":
                expr = f"(({tracer.declared(kind, '')}){expr})"
        return Traced(tracer, real, expr)

    def addressof(self, of: Any, *fields: Any) -> Traced:
        """A pointer to a struct, a member, an element, or a function of a library."""
        tracer = self._tracer
        if isinstance(of, Library):
            return Traced(tracer, tracer.real.addressof(of.real, *fields), of.c_name(fields[0]))
        if not isinstance(of, Traced):
            return tracer.real.addressof(of, *fields)  # type: ignore[no-any-return]
        expr = of.place()
        if fields and isinstance(fields[0], int):
            expr = of.element(fields[0])
        elif fields:
            expr = of.member(fields[0])
        plain = tuple(tracer.bare(each) for each in fields)
        expr = expr[1:-1] if expr.startswith("(*") and expr.count("(") == 1 else expr
        text = expr[1:] if expr.startswith("*") else f"&{expr}"
        return Traced(tracer, self._ffi.addressof(of.real, *plain), text)

    def buffer(self, of: Any, size: Any = None) -> Buffer:
        """The bytes of something."""
        return Buffer(self._tracer, of, size)

    def memmove(self, to: Any, source: Any, size: int) -> None:
        """Copy bytes."""
        tracer = self._tracer
        target = tracer.expression(to)
        target = target if target.startswith("&") else f"(void*){target}"
        if isinstance(source, bytes) and not isinstance(source, TracedBytes) and not any(source):
            c = f"memset({target}, 0, {int(size)});"
        else:
            c = f"memmove({target}, {tracer.expression(source)}, {int(size)});"
        if int(size):
            tracer.write(Step(kind="set", c=c))
        self._ffi.memmove(tracer.bare(to), tracer.bare(source), int(size))

    def from_buffer(self, source: Any) -> Traced:
        """Memory of Python's own."""
        tracer = self._tracer
        real = self._ffi.from_buffer(source)
        name = tracer.name("text")
        text = literals.string(bytes(source))
        tracer.write(Step(kind="new", name=name, c=f"char {name}[] = {text};", type="array"))
        tracer.watch(source, name)
        return Traced(tracer, real, name)

    def callback(self, cdecl: str, function: Any) -> Any:
        """A function of Python's, which C can't be told of."""
        self._tracer.cannot("what a callback in Python does")
        return self._ffi.callback(cdecl, lambda *args: self._tracer.bare(function(*args)))

    def gc(self, real: Any, destructor: Callable[[Any], object]) -> Any:
        """Nothing is given back unless somebody says when: the process ends soon."""
        self._destructors[id(real)] = destructor
        return real

    def release(self, real: Any) -> None:
        """Give it back now."""
        self._destructors.pop(id(real))(real)

    def typeof(self, value: Any) -> Any:
        """The real type."""
        return self._ffi.typeof(self._tracer.bare(value))

    def sizeof(self, value: Any) -> int:
        """The real size."""
        return int(self._ffi.sizeof(self._tracer.bare(value)))

    def string(self, value: Any, *limit: int) -> bytes:
        """A C string's content."""
        content = self._ffi.string(self._tracer.bare(value), *limit)
        return TracedBytes(content, f"(const char*){self._tracer.expression(value)}")

    def dlopen(self, path: str, *flags: int) -> Library:
        """A library."""
        return Library(self._tracer, self._ffi.dlopen(path, *flags), path)

    def dlclose(self, library: Library) -> None:
        """Unload it."""
        self._tracer.cannot("the library is unloaded")
        self._ffi.dlclose(library.real)


class Buffer:
    """The bytes of something, read when they are asked for."""

    def __init__(self, tracer: Tracer, of: Any, size: Any) -> None:
        self._tracer, self._of = tracer, of
        self._size = size
        bare = tracer.bare(of)
        self._real = (
            tracer.real.buffer(bare) if size is None else tracer.real.buffer(bare, int(size))
        )

    def __len__(self) -> int:
        return len(self._real)

    def __bytes__(self) -> bytes:
        tracer = self._tracer
        size, place = len(self._real), tracer.expression(self._of)
        name = tracer.name("copy")
        copied = f"static unsigned char {name}[{max(size, 1)}];"
        tracer.write(Step(kind="read", name=name, c=copied))
        if size:
            place = place if place.startswith("&") else f"(const void*){place}"
            # Another library may have less there.
            much = getattr(self._size, "expr", "")
            much = f"(size_t){much} < {size} ? (size_t){much} : {size}" if much else str(size)
            tracer.write(Step(kind="read", name=name, c=f"memcpy({name}, {place}, {much});"))
        return TracedBytes(bytes(self._real), name, getattr(self._size, "expr", ""))

    def __getitem__(self, key: Any) -> Any:
        return bytes(self)[key]


class Library:
    """A library whose functions are noted when they are called."""

    def __init__(self, tracer: Tracer, real: Any, path: str = "") -> None:
        self.tracer, self.real = tracer, real
        self._name = tracer.libraries.get(path) if path else "helpers"
        self._path = path

    def c_name(self, name: str) -> str:
        """What C calls a function."""
        if self._path and self._name is None:
            self.tracer.cannot("a third library")
            return name
        return self.tracer.function(name, self._name if self._path and self._name else "")

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.real, name)
        if not isinstance(value, self.tracer.real.CData):
            return value
        pointer = self.tracer.real.addressof(self.real, name)
        if self._path:
            self.tracer.knows_function(pointer, name, self._name or "")
        return _Function(self, name, value)


class _Function:
    def __init__(self, library: Library, name: str, real: Any) -> None:
        self._library, self._name, self._real = library, name, real

    def __call__(self, *args: Any) -> Any:
        tracer = self._library.tracer
        name = self._library.c_name(self._name)
        helper = self._name.startswith("cts_")
        return tracer.call(self._name, name, self._real, args, helper=helper)

    def __eq__(self, other: object) -> bool:
        return bool(self._real == getattr(other, "_real", other))

    def __hash__(self) -> int:
        return hash(self._real)


class _Number(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, int)

    def __call__(cls, value: Any = 0, *base: Any) -> Any:
        if isinstance(value, TracedInt):
            return value
        if isinstance(value, Traced):
            return TracedInt(int(value.real), value.place())
        return int(value, *base)


class Number(int, metaclass=_Number):
    """In place of ``int``: numbers stay what they were read from."""


def counted(*bounds: int) -> range:
    """In place of ``range``: how often something is done is part of what is recorded."""
    for bound in bounds:
        assume(bound)
    return range(*bounds)


def least(*values: Any) -> Any:
    """In place of ``min``: which of them it is is recorded too."""
    for value in values if len(values) > 1 else values[0]:
        assume(value)
    return min(*values)


def install(tracer: Tracer, is_check: Callable[[str], bool]) -> None:
    """Have every check and helper of this process use stand-ins.

    ``is_check`` tells modules of checks by their file.
    """
    ffi, native = Ffi(tracer), Library(tracer, tracer.native)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        helper = name.startswith("ffi_cts.checks.") and name not in _KEPT
        if not helper and not is_check(file):
            continue
        space = vars(module)
        for known, standin in (("ffi", ffi), ("native", native)):
            if space.get(known) in (tracer.real, tracer.native):
                space[known] = standin
        space.setdefault("int", Number)
        space.setdefault("range", counted)
        space.setdefault("min", least)
    observation.say(Traced, lambda value: observation.shown(value.real))
    _hear_calls(tracer)
    # A failure that is put into words takes the pending error; what tidies up judges nothing.
    _pause_in(tracer, "_pending")
    _pause_in(tracer, "finish")


def _pause_in(tracer: Tracer, method: str) -> None:
    """Write nothing down from when this method of ``Runtime`` is entered to the example's end."""
    real = getattr(Runtime, method)

    def paused(self: Runtime) -> Any:
        tracer.paused = True
        return real(self)

    setattr(Runtime, method, paused)


def _hear_calls(tracer: Tracer) -> None:
    """Keep how messages put the next call, and keep what this adds from who words it."""
    told, note = describing.call, describing.labels.note

    def call(name: str, args: Any, labels: Any) -> str:
        tracer.text = told(name, [tracer.bare(each) for each in args], labels)
        return tracer.text

    describing.call = call
    tracer.words = lambda name, args: told(
        name, [tracer.bare(each) for each in args], describing.labels
    )
    give = describing.labels.give
    give_once = describing.labels.give_once
    labels: Any = describing.labels
    labels.note = lambda function, args: note(function, [tracer.bare(each) for each in args])
    labels.give = lambda obj, what: give(tracer.bare(obj), what)
    labels.give_once = lambda obj, what: give_once(tracer.bare(obj), what)
