# SPDX-License-Identifier: Apache-2.0
"""Judging a library that was built with AddressSanitizer, or with ThreadSanitizer.

The run-time library must be the first in the process, so the command starts itself
again with it preloaded. Leaks are looked for at the end of every check, in the child,
because nothing leaves through exit() there.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ffi_cts._paths import native_library
from ffi_cts.errors import UsageError

MARK = "FFI_CTS_SANITIZER"
"""The setting that says which sanitizer was loaded before all others."""
# The stack kept for each allocation is two frames, so that one made by Python for itself can
# be told from one made by the library that Python called.
_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:malloc_context_size=2:allocator_may_return_null=1:"
    # 2: whatever handler the library or anybody else wants to put there, the report is made.
    "handle_segv=2:handle_sigbus=2:handle_sigfpe=2:handle_sigill=2:handle_abort=2:"
    "abort_on_error=1:detect_stack_use_after_return=0",
    # A file of the package, since one that is written before each run could be somebody else's.
    "LSAN_OPTIONS": f"suppressions={Path(__file__).with_name('suppressions.txt')}:"
    "print_suppressions=0:max_leaks=5",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    # Of the threads that meet in a check it sees only what the library does, not what the suite's
    # helpers do: a race that it reports may be none.
    "TSAN_OPTIONS": "report_bugs=0",
    "PYTHONMALLOC": "malloc",
}


def preload_for_helpers() -> None:
    """The same, for a sanitizer build of the suite's own C helpers; may not return.

    Call it before anything imports them.
    """
    if not os.environ.get("FFI_CTS_NATIVE_DIR"):
        return
    from elftools.elf.elffile import ELFFile

    with native_library("native").open("rb") as file:
        dynamic: Any = ELFFile(file).get_section_by_name(".dynamic")
        preload([tag.needed for tag in dynamic.iter_tags("DT_NEEDED")])


def runtime_library(needed: Iterable[str]) -> str | None:
    """The sanitizer's run-time library that has to be there first; None if none has to.

    That of UndefinedBehaviorSanitizer alone may come with the library that needs it.
    """
    return next((name for name in needed if name.startswith(("libasan.so", "libtsan.so"))), None)


def preload(needed: Iterable[str], before: Callable[[], None] = lambda: None) -> None:
    """Start this command again under the sanitizer that the library needs; may not return.

    ``before`` is called right before that, to give back what the process has redirected.

    Raises:
        UsageError: another program than Python runs this, so that it can't be started again.
    """
    library = runtime_library(needed)
    if library is None or os.environ.get(MARK):
        return
    changes = {**_OPTIONS, "LD_PRELOAD": _before_others(library), MARK: library}
    if not sys.executable or not sys.orig_argv:
        settings = " ".join(shlex.quote(f"{name}={value}") for name, value in changes.items())
        raise UsageError(
            f"the library needs {library} to be loaded before all others",
            hint=f"Start this program with the settings {settings}.",
        )
    before()
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **changes})  # noqa: S606


def _before_others(library: str) -> str:
    return f"{library} {os.environ.get('LD_PRELOAD', '')}".strip()


_LEAK_CHECK = "__lsan_do_recoverable_leak_check"
_DISABLE, _ENABLE = "__lsan_disable", "__lsan_enable"


def loaded() -> bool:
    """Whether a sanitizer was loaded before all others, so that it may report what ends us."""
    return bool(os.environ.get(MARK))


def leak_check() -> Callable[[], int] | None:
    """LeakSanitizer's check of this process, None where it is not loaded.

    It returns a number other than 0 if memory has leaked, and reports on standard error.
    """
    if not os.environ.get(MARK, "").startswith("libasan.so"):
        return None
    check: Callable[[], int] = getattr(ctypes.CDLL(None), _LEAK_CHECK)
    return check


@contextmanager
def unwatched() -> Iterator[None]:
    """While entered, what is allocated counts as no leak: its owner will be unloaded."""
    if leak_check() is None:
        yield
        return
    process = ctypes.CDLL(None)
    getattr(process, _DISABLE)()
    try:
        yield
    finally:
        getattr(process, _ENABLE)()
