# SPDX-License-Identifier: Apache-2.0
"""Names of functions, types and attributes: byte arrays that hold text.

No text promises that a name may be anything but UTF-8, so a library may refuse others with an
error. What it accepts it has to keep apart, byte for byte.
"""

from __future__ import annotations

import pytest
from hypothesis import currently_in_test_context, reject
from hypothesis import strategies as st

from ffi_cts.checks.native import NULL
from ffi_cts.checks.runtime import Runtime


def texts(max_size: int, min_size: int = 0) -> st.SearchStrategy[bytes]:
    """UTF-8 of so many characters, NUL included."""
    return st.text(min_size=min_size, max_size=max_size).map(str.encode)


ODD = st.sampled_from([b"", b"\0", b"a\0b", b"a\0c", "größer".encode(), b"1234567", b"12345678"])


def accepted(runtime: Runtime, code: int, name: bytes, doing: str) -> None:
    """Fail the check unless ``code`` is 0; a name that is no UTF-8 may be refused.

    The example, or the check, is left then: nothing can be asked of that name.
    """
    if code == 0 or _is_text(name):
        runtime.ok(code, doing)
        return
    error = runtime.take_raised()
    if error != NULL:
        runtime.decref(error)
    if currently_in_test_context():
        reject()
    pytest.skip(f"{runtime.name} takes only UTF-8 for names")


def _is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
