# SPDX-License-Identifier: Apache-2.0
"""TVMFFIErrorCreateWithCauseAndExtraContext: what an error owns besides its texts."""

from hypothesis import example, given
from hypothesis import strategies as st

from ffi_cts.checks import NULL, Runtime, clause, ffi
from ffi_cts.checks.deletions import deaths
from ffi_cts.checks.errors import ERROR, ERROR_CELL, RAW_TEXT, Texts, error_with, texts

EITHER = st.booleans()


@clause("ERR-CAUSE-01")
@given(has_cause=EITHER, has_context=EITHER)
@example(has_cause=False, has_context=False)
@example(has_cause=True, has_context=False)
@example(has_cause=False, has_context=True)
@example(has_cause=True, has_context=True)
def test_cell_holds_the_objects_given(runtime: Runtime, has_cause: bool, has_context: bool) -> None:
    cause = runtime.foreign(ERROR, ERROR_CELL)[0] if has_cause else NULL
    context = runtime.foreign()[0] if has_context else NULL
    error = error_with(runtime, cause, context)
    cell = runtime.error_cell(error)
    assert cell.cause_chain == cause, "cause_chain is not the object that was given"
    assert cell.extra_context == context, "extra_context is not the object that was given"
    runtime.decref(error)


@clause("ERR-CAUSE-02")
@given(same=EITHER)
@example(same=False)
@example(same=True)
def test_error_keeps_cause_and_context_alive(runtime: Runtime, same: bool) -> None:
    cause, cause_log = runtime.foreign(ERROR, ERROR_CELL)
    context, context_log = (cause, cause_log) if same else runtime.foreign()
    error = error_with(runtime, cause, context)
    runtime.decref(cause)  # the caller's own reference
    if not same:
        runtime.decref(context)
    assert cause_log.calls == 0, "the cause died while the error lives"
    assert context_log.calls == 0, "the extra context died while the error lives"
    runtime.decref(error)


@clause("ERR-CAUSE-03")
@given(has_cause=EITHER, has_context=EITHER, same=EITHER)
@example(has_cause=True, has_context=False, same=False)
@example(has_cause=False, has_context=True, same=False)
@example(has_cause=True, has_context=True, same=True)
def test_error_releases_cause_and_context_with_itself(
    runtime: Runtime, has_cause: bool, has_context: bool, same: bool
) -> None:
    cause, cause_log = runtime.foreign(ERROR, ERROR_CELL)
    context, context_log = (cause, cause_log) if same else runtime.foreign()
    error = error_with(runtime, cause if has_cause else NULL, context if has_context else NULL)
    runtime.incref(error)
    runtime.decref(error)
    assert cause_log.calls == context_log.calls == 0
    runtime.decref(error)
    # The caller still owns the references that it had before.
    assert runtime.strong(cause) == 1, "the error did not give back its reference to the cause"
    assert runtime.strong(context) == 1, "the error did not give back its reference to the context"
    assert cause_log.calls == context_log.calls == 0


@clause("ERR-CAUSE-04")
@given(kind=RAW_TEXT, message=RAW_TEXT, backtrace=RAW_TEXT)
@example(kind=b"a\0b", message=b"\xff", backtrace=b"")
def test_texts_are_those_given(
    runtime: Runtime, kind: bytes, message: bytes, backtrace: bytes
) -> None:
    out = ffi.new("TVMFFIObjectHandle*")
    given_texts = [runtime.byte_array(text) for text in (kind, message, backtrace)]
    code = runtime.TVMFFIErrorCreateWithCauseAndExtraContext(*given_texts, NULL, NULL, out)
    runtime.ok(code, "TVMFFIErrorCreateWithCauseAndExtraContext")
    assert runtime.type_index(out[0]) == ERROR
    assert texts(runtime, out[0]) == Texts(kind, message, backtrace)
    runtime.decref(out[0])


@clause("ERR-CAUSE-04")
@given(has_cause=EITHER, has_context=EITHER)
@example(has_cause=True, has_context=False)
@example(has_cause=False, has_context=True)
@example(has_cause=True, has_context=True)
def test_objects_leave_the_texts_alone(
    runtime: Runtime, has_cause: bool, has_context: bool
) -> None:
    cause = runtime.foreign(ERROR, ERROR_CELL)[0] if has_cause else NULL
    context = runtime.foreign()[0] if has_context else NULL
    error = error_with(runtime, cause, context)
    expected = Texts(b"ValueError", b"message", b"backtrace")
    assert texts(runtime, error) == expected
    runtime.decref(error)


@clause("ERR-CAUSE-07")
def test_weakly_held_error_gives_back_cause_and_context(runtime: Runtime) -> None:
    cause, _ = runtime.foreign(ERROR, ERROR_CELL)
    context, _ = runtime.foreign()
    error = error_with(runtime, cause, context)
    runtime.helper("cts_weak_incref", error)
    runtime.decref(error)
    held = (runtime.strong(cause), runtime.strong(context))
    assert held == (1, 1), "an error with only weak references left keeps its cause or context"
    runtime.helper("cts_weak_decref", error)
    held = (runtime.strong(cause), runtime.strong(context))
    assert held == (1, 1), "the last weak reference gave back cause or context once more"


@clause("ERR-CAUSE-08")
@given(pending=EITHER)
@example(pending=False)
@example(pending=True)
def test_pending_error_is_left_alone(runtime: Runtime, pending: bool) -> None:
    before = runtime.error(message=b"pending") if pending else NULL
    if pending:
        runtime.TVMFFIErrorSetRaised(before)
    created = error_with(runtime, cause=before)
    after = runtime.take_raised()
    assert after == before, "making an error with a cause changed the raised error of the thread"
    runtime.decref(created)
    if pending:
        runtime.decref(after)
        runtime.decref(before)


@clause("ERR-CAUSE-05")
@given(depth=st.integers(1, 20))
@example(depth=1)
@example(depth=200)
def test_chain_of_causes_holds_and_goes_as_a_whole(runtime: Runtime, depth: int) -> None:
    root, root_log = runtime.foreign(ERROR, ERROR_CELL)
    top = root
    for level in range(depth):
        above = error_with(runtime, cause=top, message=b"level %d" % level)
        runtime.decref(top)
        top = above
    below = top
    for level in reversed(range(depth)):
        assert texts(runtime, below).message == b"level %d" % level
        below = runtime.error_cell(below).cause_chain
    assert below == root
    assert root_log.calls == 0, "the root of a chain of causes died before the top"
    runtime.decref(top)
    assert deaths(root_log) == 1, "the root of a chain of causes outlives the top"


@clause("ERR-CAUSE-06")
def test_raising_and_fetching_keeps_cause_and_context(runtime: Runtime) -> None:
    cause, _ = runtime.foreign(ERROR, ERROR_CELL)
    context, _ = runtime.foreign()
    error = error_with(runtime, cause, context)
    runtime.TVMFFIErrorSetRaised(error)
    runtime.decref(error)
    fetched = runtime.take_raised()
    assert fetched == error
    cell = runtime.error_cell(fetched)
    assert (cell.cause_chain, cell.extra_context) == (cause, context)
    runtime.decref(fetched)
    assert runtime.strong(cause) == runtime.strong(context) == 1
