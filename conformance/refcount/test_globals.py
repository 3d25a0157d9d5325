# SPDX-License-Identifier: Apache-2.0
"""References that the table of global functions holds and hands out."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi

# The table outlives an example, so each takes a name of its own.
_names = count()


def _fresh_name() -> bytes:
    return b"ffi_cts.refcount.%d" % next(_names)


def _register(runtime: Runtime, name: bytes, function: object, override: int) -> int:
    return int(runtime.TVMFFIFunctionSetGlobal(runtime.byte_array(name), function, override))


@clause("REF-GLOBAL-01")
@given(lookups=st.integers(1, 5))
def test_lookup_adds_one_reference(runtime: Runtime, lookups: int) -> None:
    name, function = _fresh_name(), runtime.function_create(runtime.closure())
    runtime.ok(_register(runtime, name, function, 0), "TVMFFIFunctionSetGlobal")
    before = runtime.counts(function)
    out = ffi.new("TVMFFIObjectHandle*")
    for made in range(lookups):
        runtime.ok(
            runtime.TVMFFIFunctionGetGlobal(runtime.byte_array(name), out), "FunctionGetGlobal"
        )
        assert out[0] != NULL, "TVMFFIFunctionGetGlobal found nothing"
        if out[0] != function:  # an object of its own for each lookup: nothing to compare
            assert made == 0, "TVMFFIFunctionGetGlobal found another function"
            runtime.decref(out[0])
            return
    strong, weak = runtime.counts(function)
    for _ in range(lookups):
        runtime.decref(function)
    assert (strong, weak) == (before[0] + lookups, before[1]), (
        f"{lookups} lookups took the counts of a global function from {before} to {(strong, weak)}"
    )
    assert runtime.counts(function) == before


@clause("REF-GLOBAL-02")
def test_table_holds_a_reference(runtime: Runtime) -> None:
    name, closure = _fresh_name(), runtime.closure()
    function = runtime.function_create(closure)
    runtime.ok(_register(runtime, name, function, 0), "TVMFFIFunctionSetGlobal")
    assert runtime.strong(function) >= 2, "a registered function has no reference of the table"
    runtime.decref(function)
    assert closure.deletions == 0, "a registered function died with its owner's reference"
    out = ffi.new("TVMFFIObjectHandle*", NULL)
    runtime.ok(runtime.TVMFFIFunctionGetGlobal(runtime.byte_array(name), out), "FunctionGetGlobal")
    code, _ = runtime.call(out[0])
    runtime.ok(code, "TVMFFIFunctionCall")
    assert closure.calls == 1
    runtime.decref(out[0])


@clause("REF-GLOBAL-03")
@given(attempts=st.integers(1, 5))
def test_refused_registration_takes_no_reference(runtime: Runtime, attempts: int) -> None:
    name = _fresh_name()
    first = runtime.function_create(runtime.closure())
    runtime.ok(_register(runtime, name, first, 0), "TVMFFIFunctionSetGlobal")
    before = runtime.counts(first)
    closure = runtime.closure()
    second = runtime.function_create(closure)
    for _ in range(attempts):
        code = _register(runtime, name, second, 0)
        runtime.decref(runtime.refused(code, "TVMFFIFunctionSetGlobal of a name that is taken"))
    counts = runtime.counts(second)
    assert counts == (1, 1), f"refused registrations left the counts of the function at {counts}"
    assert runtime.counts(first) == before, "a refused registration changed the first function"
    runtime.decref(second)
    assert closure.deletions == 1, "a refused registration keeps the function alive"


@clause("REF-GLOBAL-04")
def test_override_drops_the_reference_to_the_old_function(runtime: Runtime) -> None:
    name, closure = _fresh_name(), runtime.closure()
    old, new = runtime.function_create(closure), runtime.function_create(runtime.closure())
    runtime.ok(_register(runtime, name, old, 0), "TVMFFIFunctionSetGlobal")
    runtime.ok(_register(runtime, name, new, 1), "TVMFFIFunctionSetGlobal with override")
    counts = runtime.counts(old)
    runtime.decref(old)
    assert counts == (1, 1), f"the replaced function still has counts {counts}"
    assert closure.deletions == 1, "the table keeps a function that was replaced"
