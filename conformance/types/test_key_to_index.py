# SPDX-License-Identifier: Apache-2.0
"""TVMFFITypeKeyToIndex."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.names import texts
from ffi_cts.checks.texts import NEAR, overwrite
from ffi_cts.checks.types import OBJECT, allocate, fresh, key_to_index
from ffi_cts.checks.values import INDEX

UNKNOWN = st.one_of(
    st.sampled_from([b"", b"\0", b"ffi.Str", b"ffi.String\0", b"ffi.Strings", b"FFI.STRING"]),
    texts(40).map(lambda tail: b"no such type " + tail),
)


@clause("TYPE-KEY-01")
@given(key=UNKNOWN)
@example(key=b"ffi_cts.NoSuchType")
@example(key=b"")
def test_unknown_key_is_an_error(runtime: Runtime, key: bytes) -> None:
    code = runtime.TVMFFITypeKeyToIndex(runtime.byte_array(key), ffi.new("int32_t*"))
    runtime.decref(runtime.refused(code, f"TVMFFITypeKeyToIndex({key!r})"))


@clause("TYPE-KEY-01")
@given(keys=NEAR)
@example(keys=(b"CaSe", b"Case"))
def test_known_key_with_another_byte_is_unknown(
    runtime: Runtime, keys: tuple[bytes, bytes]
) -> None:
    prefix = fresh()
    known, other = (prefix + key for key in keys)
    allocate(runtime, known)
    code = runtime.TVMFFITypeKeyToIndex(runtime.byte_array(other), ffi.new("int32_t*"))
    runtime.decref(runtime.refused(code, f"TVMFFITypeKeyToIndex({other!r})"))


@clause("TYPE-KEY-02")
@given(size=st.integers(0, 9))
@example(size=7)
@example(size=9)
def test_key_ends_where_its_size_says(runtime: Runtime, size: int) -> None:
    # The memory goes on with the rest of a known key.
    array = runtime.byte_array(b"ffi.String")
    array.size = size
    code = runtime.TVMFFITypeKeyToIndex(array, ffi.new("int32_t*"))
    runtime.decref(runtime.refused(code, f"TVMFFITypeKeyToIndex({b'ffi.String'[:size]!r})"))
    array.size = 10
    assert key_to_index(runtime, b"ffi.String") == INDEX["Str"]


@clause("TYPE-KEY-03")
@given(tails=st.lists(texts(16), min_size=1, max_size=4, unique=True))
@example(tails=[b"", b"\0", b"a\0b", "ü".encode()])
@example(tails=[b"long" * 1000])
@example(tails=[b"n" * 70_000])
def test_registered_key_is_found(runtime: Runtime, tails: list[bytes]) -> None:
    keys = [fresh() + tail for tail in tails]
    indices = [allocate(runtime, key) for key in keys]
    assert [key_to_index(runtime, key) for key in keys] == indices


@clause("TYPE-KEY-03")
@given(tail=texts(16))
@example(tail=b"")
def test_unknown_key_is_found_once_it_is_registered(runtime: Runtime, tail: bytes) -> None:
    key = fresh(tail)
    for _ in range(2):
        code = runtime.TVMFFITypeKeyToIndex(runtime.byte_array(key), ffi.new("int32_t*"))
        runtime.decref(runtime.refused(code, f"TVMFFITypeKeyToIndex({key!r})"))
    index = allocate(runtime, key)
    assert key_to_index(runtime, key) == index


@clause("TYPE-KEY-03")
@given(size=st.integers(1, 40))
@example(size=8)
def test_memory_of_a_key_may_hold_another_one(runtime: Runtime, size: int) -> None:
    prefix, out = fresh(), ffi.new("int32_t*")
    keys = [prefix + letter * size for letter in (b"a", b"b")]
    array = runtime.byte_array(keys[0])
    indices = []
    for key in keys:
        overwrite(array, key)
        indices.append(runtime.TVMFFITypeGetOrAllocIndex(array, -1, 1, 0, 1, OBJECT))
    for key, index in (*zip(keys, indices, strict=True), (keys[0], indices[0])):
        overwrite(array, key)
        runtime.ok(runtime.TVMFFITypeKeyToIndex(array, out), f"TVMFFITypeKeyToIndex({key!r})")
        assert out[0] == index, f"{key!r} leads to the key that was there before"


@clause("TYPE-KEY-04")
@given(key=st.sampled_from([b"int", b"ffi.Object", b"ffi.Tensor"]))
@example(key=b"ffi.Error")
def test_success_raises_nothing(runtime: Runtime, key: bytes) -> None:
    key_to_index(runtime, key)
    assert runtime.take_raised() == NULL, "a successful TVMFFITypeKeyToIndex left an error"
