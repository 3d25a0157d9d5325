# SPDX-License-Identifier: Apache-2.0
"""TVMFFIEnvSetStream with devices that cannot exist."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause

ODD = st.sampled_from([-1, 0, 1, -(2**31), 2**31 - 1])


@clause("ENV-STREAM-05")
@given(devices=st.lists(st.tuples(ODD, ODD), min_size=1, max_size=8))
def test_impossible_device_does_not_end_the_process(
    runtime: Runtime, devices: list[tuple[int, int]]
) -> None:
    for device_type, device_id in devices:
        runtime.TVMFFIEnvSetStream(device_type, device_id, NULL, NULL)
