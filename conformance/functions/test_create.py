# SPDX-License-Identifier: Apache-2.0
"""TVMFFIFunctionCreate."""

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import Runtime, clause


@clause("FUNC-CREATE-04")
@given(references=st.integers(1, 64))
def test_deleter_runs_once_when_the_last_reference_goes(runtime: Runtime, references: int) -> None:
    closure = runtime.closure()
    function = runtime.function_create(closure)
    for _ in range(references - 1):
        runtime.incref(function)
    for _ in range(references):
        assert closure.deletions == 0
        runtime.decref(function)
    assert closure.deletions == 1
    assert closure.data.deleted_self == closure.data
