# SPDX-License-Identifier: Apache-2.0
"""A loaded implementation, as the checks see it.

Every call of an ABI function goes through ``Runtime``: ``runtime.TVMFFIObjectIncRef(obj)``
leaves a breadcrumb, calls the library and returns what it returned. The methods with
plain names are the few steps that nearly every check needs; they fail the check if
the library refuses them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import currently_in_test_context, reject

from ffi_cts.checks import describing, values
from ffi_cts.checks.native import NULL, CData, ffi, native
from ffi_cts.engine.context import Nonconformance, Undecided, current

OBJECT_BEGIN = 64
"""kTVMFFIStaticObjectBegin: values with this type index or a higher one are objects."""

_API_FIELDS = tuple(name for name, _ in ffi.typeof("cts_api").fields)
_SAFE_CALL = ffi.cast("TVMFFISafeCallType", ffi.addressof(native, "cts_closure_call"))
_CLOSURE_DELETE = ffi.cast("void (*)(void*)", ffi.addressof(native, "cts_closure_delete"))


class Behaviour(IntEnum):
    """What a closure does when called; see native.h."""

    REPLY = 0
    ECHO = 1
    RAISE_TEXT = 2
    RAISE_ERROR = 3
    FORWARD = 4
    RECURSE = 5
    SUM = 6
    RECOVER = 7
    RERAISE = 8
    CHAIN = 9
    SILENT = 10
    FAIL_WITH = 11


@attrs.frozen
class Closure:
    """A C closure that counts its calls and deletions; ``data`` is its ``cts_closure``."""

    data: CData
    keep: tuple[CData, ...]

    @property
    def calls(self) -> int:
        """How often it was called."""
        return int(self.data.calls)

    @property
    def deletions(self) -> int:
        """How often its deleter ran."""
        return int(self.data.deletions)

    @property
    def seen_args(self) -> list[bytes]:
        """The 16 bytes of each argument of the latest call."""
        count = min(self.data.seen_num_args, 32)
        raw = bytes(ffi.buffer(self.data.seen_args))
        return [raw[16 * i : 16 * i + 16] for i in range(count)]


_loaded: list[CData] = []
"""What this process has loaded. It stays: a library may have threads, or have registered
callbacks, and nobody promises that it can be unloaded at a moment of Python's choice."""


class Runtime:
    """One implementation, loaded into this process for good, unless ``close`` is called.

    Args:
        path: the library file.
        name: how messages call it ("the library", "reference").
        globally: put its symbols into the global scope, where libraries that are loaded later
            find them before their own.
    """

    def __init__(self, path: Path, name: str = "the library", *, globally: bool = False) -> None:
        self.name = name
        self.path = path
        self.lib = ffi.dlopen(
            str(path), ffi.RTLD_NOW | (ffi.RTLD_GLOBAL if globally else ffi.RTLD_LOCAL)
        )
        _loaded.append(self.lib)
        self._keep: list[CData] = []
        self._where = "" if name == "the library" else f"{name}: "
        self._at_end: list[Callable[[], None]] = []
        self._api: CData = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """ABI functions by their own name.

        The check becomes "unsupported" where the library lacks one that nobody thought of
        requiring: that it is missing is told by the checks of what is exported.
        """
        if not name.startswith("TVMFFI"):
            raise AttributeError(name)
        if not self.has(name):
            pytest.skip(f"{self.name} lacks {name}")
        function = getattr(self.lib, name)
        wrapper = partial(self._invoke, name, function)
        self.__dict__[name] = wrapper
        return wrapper

    def has(self, name: str) -> bool:
        """Whether the library exports function ``name``."""
        try:
            getattr(self.lib, name)
        except (AttributeError, ffi.error):
            return False
        return True

    def need(self, *names: str) -> None:
        """Leave the check, or this example of it, if the library lacks one of the functions."""
        for name in names:
            if self.has(name):
                continue
            if currently_in_test_context():
                reject()
            pytest.skip(f"{self.name} lacks {name}")

    def address(self, name: str) -> CData:
        """Pointer to an exported function, NULL if the library lacks it."""
        return ffi.addressof(self.lib, name) if self.has(name) else NULL

    def close(self) -> None:
        """dlclose the library; nothing of it may be in use."""
        _loaded.remove(self.lib)
        ffi.dlclose(self.lib)

    def _invoke(self, name: str, function: CData, *args: Any) -> Any:
        crumbs = current().crumbs
        if crumbs is None:
            return function(*args)
        crumbs.enter(self._where + describing.call(name, args, describing.labels))
        try:
            result = function(*args)
        finally:
            crumbs.leave()
        if name in describing.MAKERS and not result:
            describing.labels.note(name, args)
        return result

    def helper(self, name: str, *args: Any) -> Any:
        """Call a C helper that itself calls the library, with a breadcrumb of its own.

        Raises:
            Undecided: the helper needs threads, and the machine has none left.
        """
        result = self._invoke(name, getattr(native, name), *args)
        if result == native.CTS_NO_THREAD:
            raise Undecided("a thread could not be started")
        return result

    def through(self, name: str, pointer: CData, *args: Any) -> Any:
        """Call a function pointer that the library handed out, with a breadcrumb."""
        if pointer == NULL:
            raise Nonconformance(f"{name} is NULL")
        return self._invoke(name, pointer, *args)

    # Memory that must outlive a call.

    def keep(self, data: CData) -> CData:
        """Keep ``data`` alive as long as this runtime, and return it."""
        self._keep.append(data)
        return data

    def byte_array(self, content: bytes) -> CData:
        """A TVMFFIByteArray* over exactly ``content``: the byte after it is not a terminator."""
        block = self.keep(ffi.new("char[]", content + b"\xa5~"))
        return self.keep(ffi.new("TVMFFIByteArray*", {"data": block, "size": len(content)}))

    def c_string(self, content: bytes) -> CData:
        """A NUL-terminated ``const char*``."""
        return self.keep(ffi.new("char[]", content))

    def at_end(self, action: Callable[[], None]) -> None:
        """Have ``finish`` run ``action``."""
        self._at_end.append(action)

    def finish(self) -> None:
        """Run what the check left for its end, last first."""
        while self._at_end:
            self._at_end.pop()()

    # Return codes.

    def ok(self, code: int, doing: str = "the call") -> None:
        """Fail the check unless ``code`` is 0; the pending error is named and released."""
        if code == 0:
            return
        raise Nonconformance(f"{doing} returned {code} where 0 is due{self._pending()}")

    def _pending(self) -> str:
        """Kind and message of the pending error, which is taken and released.

        Without breadcrumbs: the call that failed is to stay the last one that the report shows.
        """
        if not self.has("TVMFFIErrorMoveFromRaised"):
            return ""
        out = ffi.new("TVMFFIObjectHandle*")
        self.lib.TVMFFIErrorMoveFromRaised(out)
        if out[0] == NULL:
            return ", and raised no error"
        cell = self.error_cell(out[0])
        text = f", raising {values.content(cell.kind)!r}: {values.content(cell.message)!r}"
        if self.has("TVMFFIObjectDecRef"):
            self.lib.TVMFFIObjectDecRef(out[0])
        return text

    def refused(self, code: int, doing: str = "the call") -> CData:
        """Fail the check unless ``code`` reports an error; returns the error, owned."""
        if code == 0:
            raise Nonconformance(f"{doing} returned 0 where an error is due")
        error = self.take_raised()
        if error == NULL:
            raise Nonconformance(f"{doing} returned {code} but raised no error")
        return error

    # Objects.

    def header(self, obj: CData) -> CData:
        """The object's TVMFFIObject."""
        return ffi.cast("TVMFFIObject*", obj)

    def strong(self, obj: CData) -> int:
        """Strong count: the low 32 bits."""
        return int(self.header(obj).combined_ref_count & 0xFFFFFFFF)

    def weak(self, obj: CData) -> int:
        """Weak count: the high 32 bits."""
        return int(self.header(obj).combined_ref_count >> 32)

    def counts(self, obj: CData) -> tuple[int, int]:
        """(strong, weak) from one read."""
        count = int(self.header(obj).combined_ref_count)
        return count & 0xFFFFFFFF, count >> 32

    def type_index(self, obj: CData) -> int:
        """The type index in the header of an object."""
        return int(self.header(obj).type_index)

    def incref(self, obj: CData) -> None:
        """Take one more reference."""
        self.ok(self.TVMFFIObjectIncRef(obj), "TVMFFIObjectIncRef")

    def decref(self, obj: CData) -> None:
        """Give a reference back."""
        self.ok(self.TVMFFIObjectDecRef(obj), "TVMFFIObjectDecRef")

    def cell(self, obj: CData, ctype: str) -> CData:
        """What follows the object's header, as ``ctype*``."""
        return ffi.cast(f"{ctype}*", ffi.cast("char*", obj) + 24)

    def error_cell(self, error: CData) -> CData:
        """What an error object holds behind its header."""
        return self.cell(error, "TVMFFIErrorCell")

    def spy(self, obj: CData) -> CData:
        """Log every call of the object's deleter; returns the cts_deleter_log*."""
        log = self.keep(ffi.new("cts_deleter_log*"))
        if native.cts_spy_deleter(obj, log) != 0:
            raise MemoryError("no room to spy on an object")
        return log

    def foreign(self, type_index: int = 64, payload: int = 64) -> tuple[CData, CData]:
        """An object that no implementation made, and its cts_deleter_log*.

        It has counts (1, 1); its memory stays readable for the whole check.
        """
        log = self.keep(ffi.new("cts_deleter_log*"))
        obj = self.keep(
            ffi.gc(native.cts_foreign_new(type_index, payload, log), native.cts_foreign_free)
        )
        describing.labels.give(obj, "foreign")
        return obj, log

    def new(self, obj: CData, label: str) -> CData:
        """``obj``, the output of a call that succeeded, under the name it has in messages."""
        if obj == NULL:
            raise Nonconformance(f"the call for a new {label} returned 0 but left its output NULL")
        describing.labels.give_once(obj, label)
        return obj

    # Functions.

    @property
    def api(self) -> CData:
        """The cts_api* of this library, for C helpers."""
        if self._api is None:
            api = ffi.new("cts_api*")
            for field in _API_FIELDS:
                setattr(api, field, self.address(f"TVMFFI{field}"))
            self._api = self.keep(api)
        return self._api

    def closure(
        self,
        behaviour: Behaviour = Behaviour.REPLY,
        *,
        reply: CData | None = None,
        argument: int = 0,
        kind: bytes = b"ValueError",
        message: bytes = b"",
        error: CData = NULL,
        next_function: CData = NULL,
    ) -> Closure:
        """A counting closure; its memory lives as long as this runtime.

        ``reply`` (TVMFFIAny) is copied; the objects named are borrowed.
        """
        kind_text, message_text = self.c_string(kind), self.c_string(message)
        data = self.keep(
            ffi.new(
                "cts_closure*",
                {
                    "api": self.api,
                    "behaviour": int(behaviour),
                    "argument": argument,
                    "kind": kind_text,
                    "message": message_text,
                    "error": error,
                    "next": next_function,
                },
            )
        )
        if reply is not None:
            data.reply = reply[0] if ffi.typeof(reply).kind == "pointer" else reply
        return Closure(data, (kind_text, message_text))

    def function_create(self, closure: Closure, *, deleter: bool = True) -> CData:
        """New function object over ``closure``; the caller owns one reference."""
        out = ffi.new("TVMFFIObjectHandle*")
        code = self.TVMFFIFunctionCreate(
            closure.data, _SAFE_CALL, _CLOSURE_DELETE if deleter else NULL, out
        )
        self.ok(code, "TVMFFIFunctionCreate")
        return self.new(out[0], "function")

    def call(self, function: CData, *args: CData) -> tuple[int, CData]:
        """Call a function object with TVMFFIAny arguments: (code, result TVMFFIAny*).

        The result slot starts as None and is owned by the caller.
        """
        packed = values.pack(args)
        result = self.keep(ffi.new("TVMFFIAny*"))
        return self.TVMFFIFunctionCall(function, packed, len(args), result), result

    # Errors.

    def error(
        self, kind: bytes = b"ValueError", message: bytes = b"message", backtrace: bytes = b""
    ) -> CData:
        """New error object; the caller owns one reference."""
        out = ffi.new("TVMFFIObjectHandle*")
        code = self.TVMFFIErrorCreate(
            self.byte_array(kind), self.byte_array(message), self.byte_array(backtrace), out
        )
        self.ok(code, "TVMFFIErrorCreate")
        return self.new(out[0], "error")

    def take_raised(self) -> CData:
        """The pending error of this thread, owned by the caller; NULL if there is none."""
        out = ffi.new("TVMFFIObjectHandle*")
        self.TVMFFIErrorMoveFromRaised(out)
        return out[0]

    # Strings, bytes, values.

    def string(self, content: bytes) -> CData:
        """Owned TVMFFIAny* holding a string."""
        out = self.keep(ffi.new("TVMFFIAny*"))
        self.ok(
            self.TVMFFIStringFromByteArray(self.byte_array(content), out), "StringFromByteArray"
        )
        return out

    def bytes_value(self, content: bytes) -> CData:
        """Owned TVMFFIAny* holding bytes."""
        out = self.keep(ffi.new("TVMFFIAny*"))
        self.ok(self.TVMFFIBytesFromByteArray(self.byte_array(content), out), "BytesFromByteArray")
        return out

    def owned(self, view: CData) -> CData:
        """Owned TVMFFIAny* made from a view."""
        out = self.keep(ffi.new("TVMFFIAny*"))
        self.ok(self.TVMFFIAnyViewToOwnedAny(view, out), "TVMFFIAnyViewToOwnedAny")
        return out

    def release(self, value: CData) -> None:
        """Drop an owned TVMFFIAny*: decref an object, then clear the slot."""
        if value.type_index >= OBJECT_BEGIN:
            self.decref(value.v_obj)
        ffi.memmove(value, bytes(16), 16)

    def opaque(self, type_index: int = 74) -> tuple[CData, CData]:
        """New opaque object with a counting deleter: (handle, cts_deletions*)."""
        log = self.keep(ffi.new("cts_deletions*"))
        out = ffi.new("TVMFFIObjectHandle*")
        deleter = ffi.cast("void (*)(void*)", ffi.addressof(native, "cts_count_deletion"))
        code = self.TVMFFIObjectCreateOpaque(log, type_index, deleter, out)
        self.ok(code, "TVMFFIObjectCreateOpaque")
        return self.new(out[0], "opaque"), log
