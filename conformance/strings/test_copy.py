# SPDX-License-Identifier: Apache-2.0
"""The new value owns its content: the input may go."""

from hypothesis import given

from ffi_cts.checks import Runtime, clause, ffi
from ffi_cts.checks.memory import guarded_array
from ffi_cts.checks.texts import CONTENTS, FORMS, PROBES, Form, each_form, slot


def _copied(runtime: Runtime, form: Form, content: bytes) -> None:
    source, out = bytearray(content or b"\0"), slot()
    data = ffi.from_buffer(source)
    form.make(runtime, ffi.new("TVMFFIByteArray*", {"data": data, "size": len(content)}), out)
    source[:] = b"\xee" * len(source)
    form.expect(out, content, f"{form.function}, its input having been overwritten,")
    runtime.release(out)


@clause("STR-COPY-01")
@given(form=FORMS, content=CONTENTS)
def test_value_does_not_change_with_its_input(runtime: Runtime, form: Form, content: bytes) -> None:
    _copied(runtime, form, content)


@clause("STR-COPY-01")
@each_form
def test_long_value_does_not_change_with_its_input(runtime: Runtime, form: Form) -> None:
    for content in PROBES:
        _copied(runtime, form, content)


@clause("STR-COPY-02")
@each_form
def test_value_outlives_the_memory_of_its_input(runtime: Runtime, form: Form) -> None:
    for content in PROBES:
        out = slot()
        array, block = guarded_array(content)
        form.make(runtime, array, out)
        ffi.release(block)  # unmapped: who reads there dies
        form.expect(out, content, f"{form.function}, its input being gone,")
        runtime.release(out)
