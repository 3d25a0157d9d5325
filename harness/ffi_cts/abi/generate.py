# SPDX-License-Identifier: Apache-2.0
"""Writes the C header and the cffi declarations from the specification."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import Any

from ffi_cts.abi.model import Abi, Enum, Field, Function, Struct, Typedef

HEADER = Path("include/ffi_cts/abi.h")
CDEF = Path("include/ffi_cts/abi.cdef")
NATIVE = Path("harness/ffi_cts/native/native.h")
DECLARATIONS = Path("harness/ffi_cts/_declarations.py")

_BANNER = """\
/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from spec/abi by `ffi-cts spec generate`. Do not edit. */
"""


def declare(ctype: str, name: str) -> str:
    """C declaration of ``name`` with type ``ctype``: pointers to functions and arrays included."""
    if "(*)" in ctype:
        return ctype.replace("(*)", f"(*{name})", 1)
    array = re.fullmatch(r"(.+)(\[\d+\])", ctype)
    if array:
        return f"{array[1]} {name}{array[2]}"
    return f"{ctype} {name}"


def _enum(enum: Enum, *, cpp: bool) -> str:
    values = "".join(f"  {v.name} = {v.value},\n" for v in enum.values)
    if not cpp:
        return f"typedef enum {enum.name} {{\n{values}}} {enum.name};\n"
    if not enum.underlying:
        return f"/* {enum.doc} */\ntypedef enum {{\n{values}}} {enum.name};\n"
    return (
        f"/* {enum.doc} */\n#ifdef __cplusplus\nenum {enum.name} : {enum.underlying} {{\n#else\n"
        f"typedef enum {{\n#endif\n{values}#ifdef __cplusplus\n}};\n#else\n"
        f"}} {enum.name};\n#endif\n"
    )


def _field(field: Field) -> str:
    if field.union:
        members = "".join(f"    {declare(m.type, m.name)};\n" for m in field.union)
        return f"  union {{\n{members}  }};\n"
    return f"  {declare(field.type, field.name)};\n"


def _struct(struct: Struct, *, comments: bool) -> str:
    fields = "".join(_field(f) for f in struct.fields)
    doc = f"/* {struct.doc} */\n" if comments else ""
    tag = f" {struct.tag or struct.name}"
    return f"{doc}typedef struct{tag} {{\n{fields}}} {struct.name};\n"


def _typedef(typedef: Typedef, *, comments: bool) -> str:
    doc = f"/* {typedef.doc} */\n" if comments else ""
    return f"{doc}typedef {declare(typedef.type, typedef.name)};\n"


def _ownership(function: Function) -> str:
    notes = []
    for arg in function.args:
        words = [w for w in (arg.ownership, "may be NULL" if arg.nullable else "") if w]
        if arg.lifetime:
            words.append(f"must live as long as the {arg.lifetime}")
        if words:
            notes.append(f"{arg.name}: {', '.join(words)}")
    if function.result:
        words = [function.result, "may be NULL" if function.result_nullable else ""]
        notes.append("returns: " + ", ".join(w for w in words if w))
    return "; ".join(notes)


def _function(function: Function, *, comments: bool, prefix: str = "") -> str:
    args = ", ".join(declare(a.type, a.name) for a in function.args) or "void"
    doc = ""
    if comments:
        since = f"Since {function.since}. " if function.since != "0.1.0" else ""
        note = since + _ownership(function)
        doc = f"/* {note.strip()} */\n" if note.strip() else ""
    return f"{doc}{prefix}{declare(function.returns, f'{function.name}({args})')};\n"


def _types(abi: Abi, *, comments: bool) -> list[str]:
    parts = []
    pending = list(abi.typedefs)
    for struct in abi.structs:
        for typedef in [t for t in pending if t.before == struct.name]:
            parts.append(_typedef(typedef, comments=comments))
            pending.remove(typedef)
        parts.append(_struct(struct, comments=comments))
    parts += [_typedef(t, comments=comments) for t in pending]
    return parts


def header(abi: Abi) -> str:
    """The C header: valid C11 and C++17, laid out as the public headers lay it out."""
    constants = "".join(
        f"#define {c.name} {c.value}{'UL' if 'FLAG' in c.name else ''} /* {c.doc} */\n"
        for c in abi.constants
    )
    body = "\n".join(
        [_enum(e, cpp=True) for e in abi.enums]
        + _types(abi, comments=True)
        + [_function(f, comments=True, prefix="FFI_CTS_EXPORT ") for f in abi.functions]
    )
    return f"""{_BANNER}
#ifndef FFI_CTS_ABI_H_
#define FFI_CTS_ABI_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FFI_CTS_EXPORT __attribute__((visibility("default")))
#else
#define FFI_CTS_EXPORT
#endif

{constants}
#ifdef __cplusplus
extern "C" {{
#endif

{body}
#ifdef __cplusplus
}} /* extern "C" */
#endif

#endif /* FFI_CTS_ABI_H_ */
"""


def cdef(abi: Abi) -> str:
    """The same declarations in the subset of C that cffi parses."""
    constants = "".join(f"#define {c.name} {c.value}\n" for c in abi.constants)
    parts = [_enum(e, cpp=False) for e in abi.enums]
    parts += _types(abi, comments=False)
    parts += [_function(f, comments=False) for f in abi.functions]
    return f"{_BANNER}\n{constants}\n" + "\n".join(parts)


def outputs(abi: Abi) -> dict[Path, str]:
    """Generated files by path relative to the checkout."""
    return {HEADER: header(abi), CDEF: cdef(abi)}


def native_declarations(header_text: str) -> str:
    """What cffi reads of the header of the C helpers: the part between its two markers."""
    begin, end = (header_text.index(f"/* cffi: {word} */") for word in ("begin", "end"))
    return re.sub(r"/\*.*?\*/", "", header_text[begin:end], flags=re.DOTALL)


def declarations_digest(abi: Abi, header_text: str) -> str:
    """Identifies what the declarations module is made from."""
    return hashlib.sha256((cdef(abi) + native_declarations(header_text)).encode()).hexdigest()


def declarations_module(abi: Abi, header_text: str) -> str:
    """Python module with the declarations in cffi's own encoding.

    Parsing C takes cffi half a second; loading this takes milliseconds, and the
    time is spent again in every child of a run.
    """
    from cffi import FFI

    builder: Any = FFI()
    builder.cdef(cdef(abi))
    builder.cdef(native_declarations(header_text))
    builder.set_source("ffi_cts._declarations", None)
    text = io.StringIO()
    builder.emit_python_code(text)
    body = text.getvalue().removeprefix("# auto-generated file\n")
    digest = declarations_digest(abi, header_text)
    return (
        "# SPDX-License-Identifier: Apache-2.0\n"
        "# Generated from abi.cdef and native.h by `ffi-cts spec generate`. Do not edit.\n"
        f'INPUTS = "{digest}"\n{body}'
    )
