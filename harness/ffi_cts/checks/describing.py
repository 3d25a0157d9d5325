# SPDX-License-Identifier: Apache-2.0
"""What a call was made with, in words: short, and the same in every run, so without addresses.

An output says ``&out``, a text its content, a struct its fields, an object the label that it got
when the library made it, a pointer to a function what the function is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from ffi_cts.abi import load
from ffi_cts.checks.native import NULL, CData, ffi, native
from ffi_cts.checks.values import INDEX, TYPE_NAMES
from ffi_cts.engine import observation
from ffi_cts.engine.context import current

_SHOWN = 40
_ELEMENTS = 8
_LOWEST_ADDRESS = 4096
"""Below it is no memory of a process: a pointer is a number that somebody chose."""

_cast, _NUMBER = ffi.cast, ffi.typeof("uintptr_t")

_POINTING = frozenset(
    INDEX[name]
    for name in ("OpaquePtr", "DLTensorPtr", "RawStr", "ByteArrayPtr", "ObjectRValueRef")
)
_MOST_TYPES = 10_000

_BEHAVIOURS = {
    value: name.removeprefix("CTS_").lower().replace("_", " ")
    for value, name in ffi.typeof("cts_behaviour").elements.items()
}
_FUNCTIONS = {
    "cts_closure_call": "its safe call",
    "cts_cell_call": "its safe call",
    "cts_closure_delete": "its deleter",
    "cts_count_deletion": "a counting deleter",
    "cts_allocate_first": "the first allocator",
    "cts_allocate_second": "the second allocator",
    "cts_init_func": "an initialiser",
    "cts_init_nested": "an initialiser that initialises another handle",
    "cts_deinit_func": "a deinitialiser",
}
_STEPS = {
    "cts_weak_incref": "take a weak reference",
    "cts_weak_decref": "drop a weak reference",
    "cts_weak_promote": "promote a weak reference",
    "cts_strong_incref": "take a reference without the library",
    "cts_strong_decref": "drop a reference without the library",
    "cts_dlpack_release_legacy": "DLManagedTensor.deleter",
    "cts_dlpack_release_versioned": "DLManagedTensorVersioned.deleter",
}
"""What the suite does by itself, or through a pointer that the library gave it."""
_MADE_BY_HANDLE = {
    "TVMFFIFunctionCreate": "function",
    "TVMFFIFunctionGetGlobal": "function",
    "TVMFFIErrorCreate": "error",
    "TVMFFIErrorCreateWithCauseAndExtraContext": "error",
    "TVMFFIErrorMoveFromRaised": "error",
    "TVMFFIObjectCreateOpaque": "opaque",
    "TVMFFITensorFromDLPack": "tensor",
    "TVMFFITensorFromDLPackVersioned": "tensor",
    "TVMFFITensorCreateUnsafeView": "view",
    "TVMFFIEnvTensorAlloc": "tensor",
}
_MADE_AS_VALUE = {
    "TVMFFIStringFromByteArray": "string",
    "TVMFFIBytesFromByteArray": "bytes",
    "TVMFFIBigIntFromByteArray": "big integer",
    "TVMFFIDataTypeToString": "string",
    "TVMFFIAnyViewToOwnedAny": "object",
    "TVMFFIFunctionCall": "result",
}
_GIVERS = frozenset(
    {
        *("TVMFFIFunctionGetGlobal", "TVMFFIErrorMoveFromRaised"),
        *("TVMFFIAnyViewToOwnedAny", "TVMFFIFunctionCall"),
    }
)
MAKERS = {**_MADE_BY_HANDLE, **_MADE_AS_VALUE}
"""What an object is called that a function leaves in its last argument."""


class Labels:
    """The names of objects in one example: "error#1" is the first error that was made in it."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._numbers: dict[str, count[int]] = {}
        self._example = 0

    def _begin(self) -> None:
        """Start anew if another example has begun."""
        crumbs = current().crumbs
        if crumbs is not None and crumbs.examples != self._example:
            self._example = crumbs.examples
            self._names.clear()
            self._numbers.clear()

    def give_once(self, obj: CData, what: str) -> None:
        """Name an object, unless it has a name."""
        self._begin()
        if _address(obj) not in self._names:
            self.give(obj, what)

    def give(self, obj: CData, what: str) -> None:
        """Name an object that has just been made; one that lives at an old place is another."""
        self._begin()
        number = next(self._numbers.setdefault(what, count(1)))
        self._names[_address(obj)] = f"{what}#{number}"

    def note(self, function: str, args: Sequence[Any]) -> None:
        """Name what an ABI function, one of ``MAKERS``, has left in its last argument.

        What it gives and did not make keeps the name that it has.
        """
        out = args[-1]
        if not isinstance(out, ffi.CData) or out == NULL:
            return
        if function in _MADE_BY_HANDLE:
            obj = out[0]
        elif out.type_index >= INDEX["Object"]:
            obj = out.v_obj
        else:
            return
        if function in _GIVERS:
            self.give_once(obj, MAKERS[function])
        else:
            self.give(obj, MAKERS[function])

    def at(self, address: int) -> str | None:
        """The name of the object at an address."""
        return self._names.get(address)

    def of(self, pointer: CData, otherwise: str) -> str:
        """The name of what ``pointer`` points to."""
        return self._names.get(_address(pointer), otherwise)


def call(name: str, args: Sequence[Any], labels: Labels) -> str:
    """``name(arguments)`` for an ABI function, a C helper, or what a pointer leads to."""
    outputs, name = _outputs().get(name, ()), _STEPS.get(name, name)
    told = [
        "&out" if place in outputs and _is_there(argument) else argument_of(argument, labels)
        for place, argument in enumerate(args)
    ]
    return f"{name}({', '.join(filter(None, told))})"


def argument_of(argument: Any, labels: Labels) -> str:
    """One argument; "" for what only helpers of the suite get to see."""
    if not isinstance(argument, ffi.CData):
        plain = isinstance(argument, int | float | str | bytes)
        return repr(argument) if plain else type(argument).__name__
    kind = ffi.typeof(argument)
    if kind.kind == "array":
        return _elements(argument, labels)
    if kind.kind not in ("pointer", "function"):
        return _plain(argument, kind, labels)
    address = _address(argument)
    if address < _LOWEST_ADDRESS:
        return hex(address) if address else "NULL"
    if kind.kind == "function":
        return _function(argument)
    known = labels.at(address)
    name = _name(kind)
    if known is not None and name == "void":
        return known
    describe = _POINTERS.get(name)
    if describe is not None:
        return describe(argument, labels)
    if kind.item.kind == "pointer":
        return "&out"
    return known or name.removeprefix("TVMFFI").replace("void", "a pointer")


def text(content: bytes, size: int | None = None) -> str:
    """Bytes by their content; long ones are cut and counted."""
    size = len(content) if size is None else size
    return repr(content[:_SHOWN]) + (f"… {size} bytes" if size > _SHOWN else "")


def _address(pointer: CData) -> int:
    return int(_cast(_NUMBER, pointer))


def _is_there(argument: Any) -> bool:
    return isinstance(argument, ffi.CData) and argument != NULL


@lru_cache(maxsize=256)
def _name(kind: Any) -> str:
    """Name of what a pointer type points to."""
    return str(kind.item.cname).replace("struct ", "").removeprefix("const ")


@lru_cache(maxsize=1)
def _outputs() -> dict[str, tuple[int, ...]]:
    """By function, which of its arguments it only writes to."""
    return {
        "TVMFFIFunctionCell.safe_call": (3,),
        **{
            function.name: tuple(
                place for place, arg in enumerate(function.args) if arg.ownership in ("new", "out")
            )
            for function in load().abi.functions
        },
    }


@lru_cache(maxsize=1)
def _known_functions() -> dict[int, str]:
    return {_address(ffi.addressof(native, name)): words for name, words in _FUNCTIONS.items()}


def _function(pointer: CData) -> str:
    return _known_functions().get(_address(pointer), "a function")


def _plain(value: CData, kind: Any, labels: Labels) -> str:
    describe = _POINTERS.get(str(kind.cname).replace("struct ", ""))
    if kind.kind == "struct" and describe is not None:
        return describe(ffi.addressof(value), labels)
    return str(int(value)) if kind.kind == "primitive" else str(kind.cname)


def _elements(array: CData, labels: Labels) -> str:
    item = ffi.typeof(array).item
    if item.cname in ("char", "unsigned char"):
        content = bytes(ffi.buffer(array)).partition(b"\0")[0]
        return text(content)
    shown = [
        argument_of(
            ffi.addressof(array, i) if item.kind == "struct" else array[i],
            labels,
        )
        for i in range(min(len(array), _ELEMENTS))
    ]
    more = [f"… {len(array)} in all"] if len(array) > _ELEMENTS else []
    return f"[{', '.join(shown + more)}]"


def _content(array: CData) -> str:
    data, size = array.data, array.size
    if data == NULL:
        return f"{size} bytes at NULL" if size else "b''"
    return text(bytes(ffi.buffer(data, min(size, _SHOWN))), size)


def _byte_array(array: CData, _labels: Labels) -> str:
    return _content(array)


def _c_string(at: CData, _labels: Labels) -> str:
    content = _peek(_address(at), _SHOWN)
    return "a text" if content is None else text(content.partition(b"\0")[0])


def _peek(address: int, size: int) -> bytes | None:
    """What lies at an address that nobody vouches for; None where nothing can be read."""
    if address < _LOWEST_ADDRESS or address + size >= 1 << 63:
        return None
    try:
        descriptor = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return None
    try:
        page_left = -address % 4096 or 4096
        return os.pread(descriptor, min(size, page_left), address)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _any(value: CData, labels: Labels) -> str:
    index = value.type_index
    short = TYPE_NAMES.get(index, str(index)).removeprefix("kTVMFFI")
    if index >= INDEX["Object"]:
        return f"{short} {labels.of(value.v_obj, 'object' if value.v_obj != NULL else 'NULL')}"
    return " ".join(part for part in (short, _payload(value, index)) if part)


def _payload(value: CData, index: int) -> str:
    if index == INDEX["Int"]:
        return str(value.v_int64)
    if index == INDEX["Bool"]:
        return str({0: False, 1: True}.get(value.v_int64, value.v_int64))
    if index == INDEX["Float"]:
        return repr(value.v_float64)
    if index == INDEX["DataType"]:
        return _dtype(value.v_dtype)
    if index == INDEX["Device"]:
        return _device(value.v_device)
    if index in (INDEX["SmallStr"], INDEX["SmallBytes"]):
        return repr(bytes(ffi.buffer(value.v_bytes, min(value.small_str_len, 8))))
    if value.v_ptr == NULL and index not in (INDEX["None"], INDEX["Unchanged"]):
        return "NULL"
    if index == INDEX["RawStr"]:
        return _c_string(value.v_c_str, Labels())
    if index == INDEX["ByteArrayPtr"]:
        return _lent_byte_array(_address(value.v_ptr))
    return ""


def _lent_byte_array(address: int) -> str:
    """What a value shows that points to a TVMFFIByteArray, if it does."""
    raw = _peek(address, ffi.sizeof("TVMFFIByteArray"))
    if raw is None or len(raw) < ffi.sizeof("TVMFFIByteArray"):
        return ""
    array = ffi.new("TVMFFIByteArray*")
    ffi.memmove(array, raw, len(raw))
    if array.data == NULL:
        return _content(array)
    content = _peek(_address(array.data), min(array.size, _SHOWN))
    return "" if content is None else text(content, array.size)


def _dtype(dtype: CData) -> str:
    return f"({dtype.code}, {dtype.bits}, {dtype.lanes})"


def _device(device: CData) -> str:
    return f"({int(device.device_type)}, {device.device_id})"


def _tensor(tensor: CData) -> str:
    ndim = tensor.ndim
    if not 0 <= ndim <= _ELEMENTS or (ndim and tensor.shape == NULL):
        arrays = ", strides=NULL" if tensor.strides == NULL else ""
        return f"tensor(ndim={ndim}{arrays})"
    shape = [tensor.shape[i] for i in range(ndim)]
    strides = "NULL" if tensor.strides == NULL else [tensor.strides[i] for i in range(ndim)]
    fields = [f"shape={shape}, strides={strides}, dtype={_dtype(tensor.dtype)}"]
    if _device(tensor.device) != "(1, 0)":
        fields.append(f"device={_device(tensor.device)}")
    if tensor.byte_offset:
        fields.append(f"byte_offset={tensor.byte_offset}")
    return f"tensor({', '.join(fields)})"


def _managed(managed: CData, _labels: Labels) -> str:
    flags = getattr(managed, "flags", 0)
    told = _tensor(managed.dl_tensor)
    version = getattr(managed, "version", None)
    if version is not None and version.major != 1:
        told = f"{told[:-1]}, version={version.major}.{version.minor})"
    return f"{told[:-1]}, flags={flags})" if flags else told


def _closure(closure: CData, labels: Labels) -> str:
    behaviour = _BEHAVIOURS.get(closure.behaviour, "?")
    if closure.behaviour == native.CTS_REPLY and closure.reply.type_index:
        behaviour += f" {_any(ffi.addressof(closure.reply), labels)}"
    return f"closure({behaviour})"


def _header(obj: CData, labels: Labels) -> str:
    return labels.of(obj, "object")


def _fields(struct: CData, labels: Labels) -> str:
    """A struct by those of its fields that hold something."""
    kind = ffi.typeof(struct).item
    told = []
    for name, field in kind.fields:
        if name is None:
            continue
        value = getattr(struct, name)
        if field.type.kind == "struct":
            shown = argument_of(ffi.addressof(value), labels)
        elif field.type.kind == "enum":
            shown = str(int(value)) if int(value) else "0"
        else:
            shown = argument_of(value, labels)
        if shown not in ("b''", "NULL", "0", "None"):
            told.append(f"{name}={shown}")
    return f"{str(kind.cname).replace('struct ', '')}({', '.join(told)})"


def _nothing(_pointer: CData, _labels: Labels) -> str:
    return ""


def _output(_pointer: CData, _labels: Labels) -> str:
    return "&out"


def _team(team: CData, _labels: Labels) -> str:
    return f"{team.threads} threads"


_POINTERS: dict[str, Callable[[CData, Labels], str]] = {
    "TVMFFIByteArray": _byte_array,
    "TVMFFIAny": _any,
    "TVMFFIObject": _header,
    "DLTensor": lambda tensor, _: _tensor(tensor),
    "DLManagedTensor": _managed,
    "DLManagedTensorVersioned": _managed,
    "DLDataType": lambda dtype, _: _dtype(dtype),
    "DLDevice": lambda device, _: _device(device),
    "TVMFFIFieldInfo": _fields,
    "TVMFFIMethodInfo": _fields,
    "TVMFFITypeMetadata": _fields,
    "char": _c_string,
    "int32_t": _output,
    "cts_closure": _closure,
    "cts_deletions": lambda _, __: "a counter",
    "cts_deleter_log": lambda _, __: "a log",
    "cts_api": _nothing,
    "cts_team": _team,
}


labels = Labels()
"""Names of the objects in the running example, whichever library made them."""


def _value(raw: bytes) -> str | None:
    """The 16 bytes of a value that holds a pointer; None for other bytes."""
    if len(raw) != ffi.sizeof("TVMFFIAny") or raw[4:8] != bytes(4):
        return None
    value = ffi.new("TVMFFIAny*")
    ffi.memmove(value, raw, len(raw))
    index = value.type_index
    if index not in _POINTING and not INDEX["Object"] <= index < _MOST_TYPES:
        return None
    return _any(value, labels)


observation.say(bytes, _value)
observation.say(ffi.CData, lambda value: argument_of(value, labels) or "a pointer")
