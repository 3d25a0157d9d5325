# SPDX-License-Identifier: Apache-2.0
"""TVMFFIGetVersion."""

from hypothesis import example, given
from hypothesis import strategies as st
from packaging.version import Version

from ffi_cts.checks import Runtime, clause, ffi

SIZE = 12
GUARD = 32


@clause("VER-GET-01")
@given(fill=st.integers(0, 255))
@example(fill=0)
@example(fill=255)
def test_writes_twelve_bytes_and_no_more(runtime: Runtime, fill: int) -> None:
    block = ffi.new("unsigned char[]", [fill] * (GUARD + SIZE + GUARD))
    runtime.TVMFFIGetVersion(ffi.cast("TVMFFIVersion*", block + GUARD))
    around = bytes(block[0:GUARD]) + bytes(block[GUARD + SIZE : GUARD + SIZE + GUARD])
    assert around == bytes([fill]) * (2 * GUARD), "TVMFFIGetVersion wrote outside of its output"


@clause("VER-GET-02")
@given(fill=st.integers(0, 255), other=st.integers(0, 255))
@example(fill=0, other=255)
def test_answer_does_not_depend_on_the_memory(runtime: Runtime, fill: int, other: int) -> None:
    answers = []
    for byte in (fill, other):
        out = ffi.new("TVMFFIVersion*")
        ffi.memmove(out, bytes([byte]) * SIZE, SIZE)
        runtime.TVMFFIGetVersion(out)
        answers.append((out.major, out.minor, out.patch))
    assert answers[0] == answers[1], f"TVMFFIGetVersion said {answers[0]}, then {answers[1]}"


@clause("VER-GET-03")
def test_release_reports_its_own_version(runtime: Runtime, release: str) -> None:
    out = ffi.new("TVMFFIVersion*")
    runtime.TVMFFIGetVersion(out)
    found = f"{out.major}.{out.minor}.{out.patch}"
    assert found == Version(release).base_version, f"release {release} says that it is {found}"
