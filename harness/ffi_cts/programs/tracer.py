# SPDX-License-Identifier: Apache-2.0
"""Stands in for cffi while a check is recorded: does what it does, and writes it down as C."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ffi_cts.abi import load
from ffi_cts.programs import literals, traced
from ffi_cts.programs.record import Step, Writer
from ffi_cts.programs.traced import TracedBytes, TracedInt, judged, places

_WORDS = {
    "TVMFFIAny": "value",
    "TVMFFIByteArray": "bytes",
    "DLTensor": "tensor",
    "TVMFFIObject": "object",
    "void": "handle",
    "char": "text",
    "cts_deletions": "deletions",
    "cts_deleter_log": "log",
    "cts_closure": "closure",
}
_TYPEDEFS = ("DLPackManagedTensorAllocator", "TVMFFISafeCallType")
"""Types of functions that the public headers name."""

_LARGE = 1 << 16
_UNSAID = frozenset({"cts_signals_default", "cts_signal_handlers"})
"""Helpers that have to do with the suite's own process."""

_PROCESSES = frozenset({"cts_live", "cts_changes_by_loading"})


class Tracer:
    """What is known while one process is recorded.

    Args:
        ffi: the real one.
        native: the library with the suite's C helpers.
        file: where the steps go.
        libraries: by path, what the C program calls each library; "" is the one it is linked to.
    """

    def __init__(self, ffi: Any, native: Any, file: Path, libraries: dict[str, str]) -> None:
        self.real = ffi
        self.native = native
        self.libraries = libraries
        self.text = ""
        self.words: Callable[[str, Any], str] = lambda name, args: f"{name}(...)"
        """How people read a call."""
        self.paused = False
        """Whether what happens is none of the check's, so that nothing is written down."""
        self._writer = Writer(file)
        self._numbers: dict[str, int] = {}
        self._watched: list[tuple[Any, str, bytes]] = []
        self._epoch = 0
        self._adopted: dict[tuple[str, int], str] = {}
        self._known: dict[int, str] = {}
        self._functions: dict[int, tuple[str, str]] = {}
        self._parameters = {
            function.name: [arg.type for arg in function.args] for function in load().abi.functions
        }
        self._returns = {function.name: function.returns for function in load().abi.functions}
        for name in dir(native):
            if name.startswith("cts_"):
                pointer = ffi.addressof(native, name)
                if ffi.typeof(pointer).kind in ("pointer", "function"):
                    self._functions[self.address(pointer)] = (name, name)
        traced.write = self.write

    # The record.

    def write(self, step: Step) -> None:
        """Write a step down."""
        if not self.paused:
            self._writer.write(step)

    def begin(self) -> None:
        """Another example begins: what was made for the one before is not there any more."""
        self._writer.begin()
        self._epoch += 1
        self._numbers.clear()
        self._adopted.clear()
        self._known.clear()
        self._watched.clear()
        self.text, self.paused = "", False

    def cannot(self, why: str) -> None:
        """Note what C can't say."""
        self.write(Step(kind="cannot", text=why))

    def name(self, base: str) -> str:
        """A name that nothing has."""
        base += "_" if base[-1].isdigit() else ""
        number = self._numbers[base] = self._numbers.get(base, 0) + 1
        return f"{base}{number}"

    def address(self, pointer: Any) -> int:
        """Where a pointer leads."""
        return int(self.real.cast("uintptr_t", pointer))

    def knows_function(self, pointer: Any, name: str, library: str) -> None:
        """A function of a library, so that a pointer to it has a name."""
        self._functions[self.address(pointer)] = (name, library)

    # C text.

    def declared(self, ctype: Any, name: str) -> str:
        """``ctype name``, as C declares it."""
        for typedef in _TYPEDEFS:
            known = self.real.typeof(typedef)
            if ctype is known or (ctype.kind == "pointer" and ctype.item is known):
                stars = "*" if ctype.kind == "pointer" else ""
                return f"{typedef}{stars} {name}".rstrip()
        text = _without_tags(str(self.real.getctype(ctype, name)))
        return re.sub(r" ?\*(?: \*)*", lambda stars: stars[0].replace(" ", ""), text)

    def expression(self, value: Any, ctype: Any = None) -> str:
        """The C expression for a value, cast to ``ctype`` where that is another pointer type."""
        if isinstance(value, Traced):
            if value.epoch == self._epoch:
                return self._cast(value.expr, self.real.typeof(value.real), ctype)
            value = value.real
        if isinstance(value, bool | int):
            expr = getattr(value, "expr", None) or literals.integer(int(value))
            if ctype is not None and ctype.kind in ("pointer", "function"):
                return f"({self.declared(ctype, '')})(uintptr_t){expr}"
            return str(expr)
        if isinstance(value, float):
            return str(getattr(value, "expr", None) or literals.floating(value))
        if isinstance(value, bytes):
            return str(value.expr) if isinstance(value, TracedBytes) else literals.string(value)
        if not isinstance(value, self.real.CData):
            return "0"
        return self._cast(self._adopt(value), self.real.typeof(value), ctype)

    def _cast(self, expr: str, have: Any, want: Any) -> str:
        if want is None or have is want or want.kind not in ("pointer", "function"):
            return expr
        if expr == "NULL" or have.kind == "primitive" or want.kind == "function":
            wildcard = "(void (*)(void))" if want.kind == "function" and expr != "NULL" else ""
            if have.kind == "function" and have is want:
                return expr
            return expr if expr == "NULL" else f"({self.declared(want, '')}){wildcard}{expr}"
        item = want.item.cname if want.kind == "pointer" else ""
        return expr if item == "void" else f"({self.declared(want, '')}){expr}"

    def _adopt(self, value: Any) -> str:
        """An expression for something that was made outside of the example."""
        kind = self.real.typeof(value)
        if kind.kind == "primitive":
            return literals.integer(int(value))
        if kind.kind in ("struct", "union"):
            return f"(*{self._adopt(self.real.addressof(value))})"
        if kind.kind == "enum":
            return str(int(value))
        if kind.kind != "array" and value == self.real.NULL:
            return "NULL"
        address = self.address(value)
        if address in self._functions:
            return self.function(*self._functions[address])
        if address in self._known:
            return self._known[address]
        if "cts_api" in kind.cname:
            return "&api"
        if kind.kind == "function":
            self.cannot("a function of Python's")
            return "NULL"
        key = (str(kind.cname), address)
        if key not in self._adopted:
            self._adopted[key] = self._copy(value, kind)
        return self._adopted[key]

    def function(self, name: str, library: str) -> str:
        """The C name of a function of a library, or of a helper."""
        if name.startswith("cts_"):
            self.write(Step(kind="set", helpers=(name,)))
            return name
        return f"{library}_{name}" if library else name

    def _copy(self, value: Any, kind: Any) -> str:
        """Memory with the same content; of pointers in it those that lead somewhere known."""
        item = kind.item
        if item.kind not in ("struct", "primitive") or item.cname == "void":
            return f"((void*)(uintptr_t){hex(self.address(value))}u)"
        if "opaque" in str(item):
            return "NULL"
        if item.kind == "struct" and item.cname.replace("struct ", "") == "TVMFFIAny":
            return self._copy_any(value, kind)
        base = self.name(_base(item))
        if kind.kind == "array":
            size, expr = self.real.sizeof(value), base
            self.write(
                Step(kind="new", name=base, c=f"static {self.declared(kind, base)};", type="array")
            )
        else:
            size, expr = self.real.sizeof(item), f"&{base}"
            self.write(
                Step(kind="new", name=base, c=f"static {self.declared(item, base)};", type="struct")
            )
        content = bytes(self.real.buffer(value, size))
        if any(content):
            text = literals.string(content)
            self.write(Step(kind="set", c=f"memcpy({expr}, {text}, {size});", name=base))
        return expr

    def _copy_any(self, value: Any, kind: Any) -> str:
        base = self.name("value")
        count = len(value) if kind.kind == "array" else 1
        self.write(Step(kind="new", name=base, c=f"TVMFFIAny {base}[{count}] = {{0}};"))
        for i in range(count):
            each = value[i]
            self.write(
                Step(kind="set", name=base, c=f"{base}[{i}].type_index = {each.type_index};")
            )
            if each.zero_padding:
                self.write(
                    Step(
                        kind="set", name=base, c=f"{base}[{i}].zero_padding = {each.zero_padding};"
                    )
                )
            payload = int(each.v_uint64)
            if payload:
                pointer = self._known.get(payload)
                text = f"(uint64_t)(uintptr_t){pointer}" if pointer else f"{hex(payload)}u"
                self.write(Step(kind="set", name=base, c=f"{base}[{i}].v_uint64 = {text};"))
        return base

    # What cffi gives, wrapped.

    def wrap(self, value: Any, expr: str) -> Any:
        """A value that C has as ``expr``."""
        if isinstance(value, bool):
            return TracedInt(int(value), expr)
        if isinstance(value, int):
            return TracedInt(value, expr)
        if isinstance(value, float):
            return traced.TracedFloat(value, expr)
        if not isinstance(value, self.real.CData):
            return value
        kind = self.real.typeof(value)
        if kind.kind in ("pointer", "function") and value != self.real.NULL:
            address = self.address(value)
            if address > _LARGE and address not in self._known:
                self._known[address] = expr
        return Traced(self, value, expr)

    def read(self, get: Callable[[], Any], ctype: Any, place: str) -> Any:
        """What ``get`` reads at C's ``place``: by reference, or as it is now."""
        if ctype.kind in ("struct", "union", "array"):
            return Traced(self, get(), place)
        self.catch_up()
        base = self.name("got_" + _last_word(place).removeprefix("got_"))
        kind = "int" if ctype.kind == "enum" else ""
        if ctype.kind == "function":
            declared = self.declared(ctype, base)
            c = f"{declared} = ({self.declared(ctype, '')})(void (*)(void)){place};"
        else:
            declared = f"{kind} {base}" if kind else self.declared(ctype, base)
            # The public header has const where cffi has not.
            cast = f"({self.declared(ctype, '')})" if ctype.kind == "pointer" else ""
            c = f"{declared} = {cast}{place};"
        self.write(Step(kind="read", name=base, c=c))
        value = get()
        if isinstance(value, bytes):
            return value
        return self.wrap(value, base)

    def call(self, name: str, expr: str, function: Any, args: tuple[Any, ...], helper: bool) -> Any:
        """Call ``function``, which C calls ``expr``, and note what came back."""
        if name in _PROCESSES:
            self.cannot("the life of whole processes")
        if name in _UNSAID | _PROCESSES:
            return function(*(self.bare(argument) for argument in args))
        self.catch_up()
        ctype = self.real.typeof(function)
        if ctype.kind == "pointer":
            ctype = ctype.item
        types = self._parameters.get(name, [])
        told = []
        for place, argument in enumerate(args):
            wanted = ctype.args[place] if place < len(ctype.args) else None
            text = self.expression(argument, wanted)
            if place < len(types) and "**" in types[place].replace(" ", ""):
                text = f"({types[place]}){text}" if text != "NULL" else text
            told.append(text)
        c = f"{expr}({', '.join(told)})"
        text, self.text = self.text or self.words(name, args), ""
        void = ctype.result.kind == "void"
        base = "" if void else self.name("code" if ctype.result.cname == "int" else "result")
        declared = "" if void else self._result(name, ctype.result, base)
        helpers = (name,) if helper else ()
        self.write(Step(kind="call", name=base, type=declared, c=c, text=text, helpers=helpers))
        value = function(*(self.bare(argument) for argument in args))
        self.write(Step(kind="came", name=base, found=_shown(value)))
        return None if void else self.wrap(value, base)

    def watch(self, source: Any, name: str) -> None:
        """Have C's array ``name`` follow a buffer of Python's."""
        self._watched.append((source, name, bytes(source)))

    def catch_up(self) -> None:
        """Write down what Python has done to its buffers."""
        for number, (source, name, before) in enumerate(self._watched):
            now = bytes(source)
            if now != before:
                text = literals.string(now)
                self.write(Step(kind="set", name=name, c=f"memcpy({name}, {text}, {len(now)});"))
                self._watched[number] = (source, name, now)

    def _result(self, name: str, ctype: Any, base: str) -> str:
        """The declaration of what a call gives: as the public header has it, const and all."""
        if name in self._returns:
            return f"{self._returns[name]} {base}"
        return self.declared(_integral(self.real, ctype), base)

    def bare(self, value: Any) -> Any:
        """A value without what this adds, all the way down."""
        if isinstance(value, Traced):
            return value.real
        if isinstance(value, TracedInt):
            return int.__add__(value, 0)
        if isinstance(value, list | tuple):
            return type(value)(self.bare(each) for each in value)
        if isinstance(value, dict):
            return {name: self.bare(each) for name, each in value.items()}
        return value

    @property
    def epoch(self) -> int:
        """Number of the example."""
        return self._epoch


class Traced:
    """A cffi object and what C calls it."""

    __slots__ = ("epoch", "expr", "real", "tracer")

    def __init__(self, tracer: Tracer, real: Any, expr: str) -> None:
        object.__setattr__(self, "tracer", tracer)
        object.__setattr__(self, "real", real)
        object.__setattr__(self, "expr", expr)
        object.__setattr__(self, "epoch", tracer.epoch)

    def place(self) -> str:
        """The expression, also where the object is older than the example."""
        return str(self.expr) if self.epoch == self.tracer.epoch else self.tracer.expression(self)

    def member(self, name: str) -> str:
        """C for a member."""
        expr = self.place()
        if self.tracer.real.typeof(self.real).kind != "pointer":
            return f"{expr}.{name}"
        direct = re.fullmatch(r"&([\w.\[\]]+)", expr)
        return f"{direct[1]}.{name}" if direct else f"{expr}->{name}"

    def element(self, index: Any) -> str:
        """C for an element."""
        expr, place = self.place(), self.tracer.expression(index)
        if re.fullmatch(r"&[\w.]+", expr):
            return str(expr[1:]) if place == "0" else f"({expr})[{place}]"
        return f"{expr}[{place}]"

    def __getattr__(self, name: str) -> Any:
        kind = self.tracer.real.typeof(self.real)
        struct = kind.item if kind.kind == "pointer" else kind
        ctype = _field(struct, name)
        if ctype is None:
            return getattr(self.real, name)
        return self.tracer.read(lambda: getattr(self.real, name), ctype, self.member(name))

    def __setattr__(self, name: str, value: Any) -> None:
        tracer = self.tracer
        kind = tracer.real.typeof(self.real)
        ctype = _field(kind.item if kind.kind == "pointer" else kind, name)
        if isinstance(value, dict):
            for field, each in value.items():
                setattr(getattr(self, name), field, each)
            return
        if ctype is not None and ctype.kind == "array":
            tracer.cannot(f"an assignment to all of {name}")
        elif "cts_api" not in str(kind.cname):
            text = tracer.expression(value, ctype)
            tracer.write(Step(kind="set", c=f"{self.member(name)} = {text};"))
        setattr(self.real, name, tracer.bare(value))

    def __getitem__(self, index: Any) -> Any:
        kind = self.tracer.real.typeof(self.real)
        if isinstance(index, slice):
            return self.real[index]
        return self.tracer.read(
            lambda: self.real[self.tracer.bare(index)], kind.item, self.element(index)
        )

    def __setitem__(self, index: Any, value: Any) -> None:
        tracer = self.tracer
        kind = tracer.real.typeof(self.real)
        if isinstance(index, slice):
            tracer.cannot("an assignment to a slice")
        else:
            text = tracer.expression(value, kind.item)
            tracer.write(Step(kind="set", c=f"{self.element(index)} = {text};"))
        self.real[tracer.bare(index)] = tracer.bare(value)

    def __add__(self, offset: int) -> Traced:
        return Traced(
            self.tracer,
            self.real + self.tracer.bare(offset),
            f"({self.place()} + {self.tracer.expression(offset)})",
        )

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, int):
            return self + -int(other)
        return self.real - self.tracer.bare(other)

    def __call__(self, *args: Any) -> Any:
        """Call the function that it points to."""
        return self.tracer.call("a pointer", self.place(), self.real, args, helper=False)

    def __len__(self) -> int:
        return len(self.real)

    def __int__(self) -> int:
        return int(self.real)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self.real)))

    def __hash__(self) -> int:
        return hash(self.real)

    def __eq__(self, other: object) -> bool:
        return self._same(other, "==")

    def __ne__(self, other: object) -> bool:
        return not self._same(other, "==")

    def _same(self, other: object, op: str) -> bool:
        tracer = self.tracer
        outcome = bool(self.real == tracer.bare(other))
        if judged() and isinstance(other, Traced | tracer.real.CData):
            mine, theirs = self.place(), tracer.expression(other)
            tracer.write(
                Step(
                    kind="check",
                    c=f"(uintptr_t){mine} {op} (uintptr_t){theirs}",
                    outcome=outcome,
                    due="== NULL" if theirs == "NULL" else "the same pointer",
                    type="pointer",
                    frames=places(),
                )
            )
        return outcome

    def __bool__(self) -> bool:
        return bool(self.real)

    def __repr__(self) -> str:
        return repr(self.real)


def _without_tags(text: str) -> str:
    return re.sub(r"\b(?:struct|enum|union) ", "", text)


def _base(item: Any) -> str:
    name = _without_tags(str(item.cname)).removesuffix(" *")
    if item.kind == "pointer":
        return "out"
    if item.kind == "function":
        return "function"
    if item.kind == "primitive" and name != "char":
        return "number"
    word = _WORDS.get(name, name.removeprefix("TVMFFI").removeprefix("cts_"))
    return re.sub(r"\W+", "_", word).lower()


def _last_word(place: str) -> str:
    words = re.findall(r"[A-Za-z_]\w*", place)
    return words[-1] if words else "it"


def _field(struct: Any, name: str) -> Any:
    """The type of a member, also of one in an anonymous union."""
    if struct.kind not in ("struct", "union"):
        return None
    for field_name, field in struct.fields or ():
        if field_name == name:
            return field.type
        if not field_name:
            inside = _field(field.type, name)
            if inside is not None:
                return inside
    return None


def _integral(ffi: Any, ctype: Any) -> Any:
    return ffi.typeof("int") if ctype.kind == "enum" else ctype


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, int) else ""
