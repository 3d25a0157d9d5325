# SPDX-License-Identifier: Apache-2.0
"""A third library that handles objects and is unloaded before they die."""

from ffi_cts.checks import Runtime, clause, values
from ffi_cts.checks.kinds import each_kind, make
from ffi_cts.checks.pairs import assign, each_maker, passing_through


@clause("XLIB-UNLOAD-01")
@each_kind
def test_object_outlives_a_library_that_handled_it(
    runtime: Runtime, second: Runtime, kind: str
) -> None:
    made = make(runtime, kind)
    with passing_through() as third:
        third.incref(made.obj)
        third.release(third.owned(values.object_view(made.obj)))
        runtime.decref(made.obj)
    made.expect_counts(runtime, 1, 1, "with the third library's reference left")
    second.decref(made.obj)
    made.expect_released(1, "after the last reference")


@clause("XLIB-UNLOAD-02")
@each_kind
@each_maker
def test_library_forgets_objects_of_one_that_is_unloaded(
    runtime: Runtime, second: Runtime, maker: str, kind: str
) -> None:
    # The library under test must not keep anything of an object that is gone: neither its
    # deleter nor its type, since the code behind them goes with the library that made it.
    with passing_through() as third:
        for _ in range(3):
            other = make(third, kind)
            runtime.incref(other.obj)
            runtime.decref(other.obj)
            runtime.decref(other.obj)
            other.expect_released(1, "after the last reference")
    first, _ = assign(maker, runtime, second)
    made = make(first, kind)
    runtime.incref(made.obj)
    runtime.decref(made.obj)
    runtime.decref(made.obj)
    made.expect_released(1, "after the last reference, the third library being unloaded")
