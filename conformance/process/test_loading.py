# SPDX-License-Identifier: Apache-2.0
"""What loading the library changes in the process around it."""

from ffi_cts.checks import clause, ffi, native
from ffi_cts.engine.context import current
from ffi_cts.engine.linux import signal_name

CHANGES = {
    2: "the open file descriptors",
    4: "the locale",
    8: "the working directory",
    16: "the file mode mask",
    32: "the rounding mode",
    64: "the environment variables",
}
SIGNALS = 32


def load() -> int:
    """Load the library into this process; bits of what changed, see native.h."""
    changes = int(native.cts_changes_by_loading(str(current().subject.path).encode()))
    assert changes >= 0, "the library could not be loaded"
    return changes


@clause("PROC-STATE-01")
def test_surroundings_stay_as_they_are() -> None:
    changes = load()
    named = [name for bit, name in CHANGES.items() if changes & bit]
    assert not named, f"loading changes {', '.join(named)}"


@clause("PROC-STATE-02")
def test_nothing_is_printed() -> None:
    assert not load() & 1, "loading writes to standard output"


@clause("PROC-STATE-03")
def test_signal_handlers_stay_as_they_are() -> None:
    before, after = ffi.new("uintptr_t[]", SIGNALS), ffi.new("uintptr_t[]", SIGNALS)
    native.cts_signal_handlers(before, SIGNALS)
    load()
    native.cts_signal_handlers(after, SIGNALS)
    changed = [signal_name(n) for n in range(1, SIGNALS) if before[n] != after[n]]
    assert not changed, f"loading replaces the handlers of {', '.join(changed)}"
