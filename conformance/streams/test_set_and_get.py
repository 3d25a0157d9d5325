# SPDX-License-Identifier: Apache-2.0
"""TVMFFIEnvSetStream and TVMFFIEnvGetStream."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, contention, ffi
from ffi_cts.checks.tensors import DEVICES

Device = tuple[int, int]

devices: st.SearchStrategy[Device] = st.tuples(
    st.sampled_from(sorted(DEVICES.values())), st.sampled_from([0, 1, 2, 7, 8, 63, 255])
)
streams = st.sampled_from([0, 1, 0x1000, 0x2000, 2**63, 2**64 - 1])
"""Any pointer may be a stream: the runtime only passes it on."""


def handle(stream: int) -> object:
    return ffi.cast("void*", stream)


def get(runtime: Runtime, device: Device) -> int:
    return int(ffi.cast("uintptr_t", runtime.TVMFFIEnvGetStream(*device)))


def put(runtime: Runtime, device: Device, stream: int) -> None:
    runtime.ok(runtime.TVMFFIEnvSetStream(*device, handle(stream), NULL), "TVMFFIEnvSetStream")


@clause("ENV-STREAM-01")
@given(device=devices, sequence=st.lists(streams, min_size=1, max_size=5))
@example(device=(2, 0), sequence=[1, 0])
def test_get_gives_what_was_set_last(runtime: Runtime, device: Device, sequence: list[int]) -> None:
    for stream in sequence:
        put(runtime, device, stream)
        found = get(runtime, device)
        assert found == stream, f"set {stream:#x} on {device}, got {found:#x}"


@clause("ENV-STREAM-02")
def test_stream_is_null_at_first(runtime: Runtime) -> None:
    for device_type in sorted(DEVICES.values()):
        for device_id in (0, 1, 63):
            found = get(runtime, (device_type, device_id))
            assert found == 0, f"nothing was set on ({device_type}, {device_id}), got {found:#x}"


@clause("ENV-STREAM-03")
@given(device=devices, sequence=st.lists(streams, min_size=2, max_size=6))
@example(device=(1, 0), sequence=[5, 5])
def test_original_is_what_was_set_before(
    runtime: Runtime, device: Device, sequence: list[int]
) -> None:
    put(runtime, device, sequence[0])
    for before, stream in pairwise(sequence):
        original = ffi.new("TVMFFIStreamHandle*", handle(0xBAD))
        code = runtime.TVMFFIEnvSetStream(*device, handle(stream), original)
        runtime.ok(code, "TVMFFIEnvSetStream")
        found = int(ffi.cast("uintptr_t", original[0]))
        assert found == before, f"the stream was {before:#x}, the original output is {found:#x}"


@clause("ENV-STREAM-04")
@given(steps=st.lists(st.tuples(devices, streams), min_size=2, max_size=12))
@example(steps=[((2, 0), 1), ((2, 1), 2), ((10, 0), 3), ((10, 1), 4)])
@example(steps=[((2, 255), 1), ((2, 0), 2), ((18, 0), 3)])
def test_devices_are_independent(runtime: Runtime, steps: list[tuple[Device, int]]) -> None:
    expected: dict[Device, int] = {}
    for device, stream in steps:
        put(runtime, device, stream)
        expected[device] = stream
        for each, known in expected.items():
            found = get(runtime, each)
            assert found == known, f"{each} was set to {known:#x}, after {device} it is {found:#x}"


@clause("ENV-STREAM-04")
def test_devices_with_large_ids_are_independent(runtime: Runtime) -> None:
    expected = {(2, 0): 1}
    put(runtime, (2, 0), 1)
    for bit in range(7, 17):
        device = (2, 1 << bit)
        if runtime.TVMFFIEnvSetStream(*device, handle(2 + bit), NULL) != 0:
            # No machine has so many devices: a library may refuse them.
            runtime.decref(runtime.take_raised())
            break
        expected[device] = 2 + bit
        for each, known in expected.items():
            found = get(runtime, each)
            assert found == known, f"{each} was set to {known:#x}, after {device} it is {found:#x}"


@clause("ENV-STREAM-06")
@given(device=devices, stream=streams.filter(bool))
def test_other_threads_do_not_see_it(runtime: Runtime, device: Device, stream: int) -> None:
    put(runtime, device, stream)
    seen = ffi.new("TVMFFIStreamHandle*", handle(0xBAD))
    assert runtime.helper("cts_thread_get_stream", runtime.api, *device, seen) == 0
    found = int(ffi.cast("uintptr_t", seen[0]))
    assert found != stream, f"{stream:#x} was set on {device} by this thread, another one sees it"


@clause("ENV-STREAM-07")
def test_threads_keep_their_own(runtime: Runtime) -> None:
    for done, team in enumerate(contention(runtime, rounds=6, overlaps=100)):
        wrong = team.run("cts_threads_streams", threads=2 + done % 3, steps=50)
        assert wrong == 0, f"{wrong} times a thread found another stream than it had just set"
