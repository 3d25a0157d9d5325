# SPDX-License-Identifier: Apache-2.0
"""Contents of strings and bytes values, and the two forms in which a value may hold them."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import strategies as st

from ffi_cts.checks import values
from ffi_cts.checks.choices import one_of
from ffi_cts.checks.native import CData, ffi
from ffi_cts.checks.runtime import Runtime
from ffi_cts.checks.values import INDEX
from ffi_cts.engine.marks import requires

PROBES: tuple[bytes, ...] = (
    b"",
    b"a",
    b"\0",
    b"sixsix",
    b"seven77",
    b"\0\0\0\0\0\0\0",
    b"eight888",
    b"nine99999",
    b"a\0b",
    b"\0in front",
    b"at the end of it\0",
    b"\xff\xfe\x80 not UTF-8 \xc3\x28",
    "größer".encode(),
    b"x" * 64,
    b"\xa5" * 4096,
    bytes(range(256)) * 257,
    b"z" * (1 << 20),
)
"""Sizes 0, 1, 6 to 9, 64, 4096, above 65536, and a megabyte; NUL anywhere; not UTF-8."""

CONTENTS = st.one_of(st.binary(max_size=24), st.binary(max_size=300), st.sampled_from(PROBES[:15]))


def _twins(draw: st.DrawFn, longest: int) -> tuple[bytes, bytes]:
    name = draw(st.binary(min_size=1, max_size=longest))
    at = draw(st.integers(0, len(name) - 1))
    other = draw(st.integers(0, 255).filter(lambda byte: byte != name[at]))
    return name, name[:at] + bytes([other]) + name[at + 1 :]


NEAR = st.one_of(
    st.composite(_twins)(300),
    st.composite(_twins)(12),
    st.just((b"Name.Of.Many.Words", b"Name.of.Many.Words")),
)
"""Pairs of texts of one size that differ in a single byte, be it by case only."""


@attrs.frozen(repr=False)
class Form:
    """Strings or bytes: the function that makes them and the tags they may have."""

    name: str
    function: str
    small: int
    heap: int

    def __repr__(self) -> str:
        return self.name.upper()

    def make(self, runtime: Runtime, array: CData, out: CData) -> None:
        """Store an owned value with the content of ``array`` in ``out``."""
        runtime.need(self.function)
        runtime.ok(getattr(runtime, self.function)(array, out), self.function)

    def expect(self, value: CData, content: bytes, what: str) -> None:
        """Fail the check unless ``value`` is of this form and holds ``content``."""
        index = value.type_index
        assert index in (self.small, self.heap), (
            f"{what} gave {values.name(index)}, not {values.name(self.small)} "
            f"or {values.name(self.heap)}"
        )
        actual = values.text(value)
        assert actual == content, f"{what} gave {_shown(actual)}, where {_shown(content)} is due"


def _shown(content: bytes) -> str:
    return repr(content[:60]) + (f"… ({len(content)} bytes)" if len(content) > 60 else "")


STRING = Form("string", "TVMFFIStringFromByteArray", INDEX["SmallStr"], INDEX["Str"])
BYTES = Form("bytes", "TVMFFIBytesFromByteArray", INDEX["SmallBytes"], INDEX["Bytes"])

FORMS = one_of({form: (form.function,) for form in (STRING, BYTES)})
"""The forms that the library under test can make."""

each_form = pytest.mark.parametrize(
    "form",
    [pytest.param(each, id=each.name, marks=requires(each.function)) for each in (STRING, BYTES)],
)
"""Run a check once for strings and once for bytes; it gets the argument ``form``."""


def one_byte_apart(size: int, at: int) -> tuple[bytes, bytes]:
    """Two texts of ``size`` bytes that differ at one place only."""
    text = b"n" * size
    return text, text[:at] + b"m" + text[at + 1 :]


def overwrite(array: CData, content: bytes) -> None:
    """Have the memory of a TVMFFIByteArray* hold another content of the same size."""
    assert array.size == len(content)
    ffi.memmove(ffi.cast("char*", array.data), content, len(content))


def slot() -> CData:
    """A TVMFFIAny* as a stack leaves it: a number with stray bits, which no output may keep."""
    value = ffi.new("TVMFFIAny*")
    value.type_index = INDEX["Int"]
    value.zero_padding = 0xDEADBEEF
    value.v_int64 = -0x5A5A5A5A5A5A5A5B
    return value
