# SPDX-License-Identifier: Apache-2.0
"""What is measured of a runtime before it is judged, and what it may do to whoever measures."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ffi_cts.errors import UsageError
from ffi_cts.library.targets import Target, resolve
from ffi_cts.subjects.runtime import is_sanitized, probe

SECONDS = 60.0
FIRST = "int TVMFFIFirst(void) { return 0; }\n"


def built(folder: Path, source: str, *flags: str) -> Target:
    """A library of a source."""
    (folder / "a.c").write_text(source)
    file = folder / "libmine.so"
    command = ["gcc", "-shared", "-fPIC", "-o", str(file), str(folder / "a.c"), *flags]
    subprocess.run(command, check=True)
    return resolve(str(file))


def test_the_reference_has_every_function_and_type() -> None:
    found = probe(resolve("reference"), SECONDS)
    assert {"TVMFFIFunctionCreate", "type:ffi.Function"} <= found.features
    assert found.reported_version.count(".") == 2
    assert found.findings == ()
    assert found.memory is not None


def test_a_library_without_the_functions_that_tell_has_little(tmp_path: Path) -> None:
    found = probe(built(tmp_path, FIRST), SECONDS)
    assert found.features == {"TVMFFIFirst"}
    assert (found.reported_version, found.findings) == ("", ())


def test_a_version_is_only_reported(tmp_path: Path) -> None:
    source = "void TVMFFIGetVersion(unsigned *out) { out[0] = 1; out[1] = 2; out[2] = 3; }"
    assert probe(built(tmp_path, source), SECONDS).reported_version == "1.2.3"


@pytest.mark.parametrize(
    ("constructor", "said"),
    [
        ("*(volatile int *)0 = 1;", "SIGSEGV"),
        ("_exit(3);", "exit"),
        ("for (;;) pause();", "time|hang"),
    ],
)
def test_a_library_that_can_not_be_loaded_is_refused(
    tmp_path: Path, constructor: str, said: str
) -> None:
    source = (
        f"#include <unistd.h>\n{FIRST}__attribute__((constructor)) void f(void) {{ {constructor} }}"
    )
    target = built(tmp_path, source)
    with pytest.raises(UsageError, match="can't be loaded can't be judged") as caught:
        probe(target, 2.0)
    assert any(word in str(caught.value) for word in said.split("|"))


def test_a_missing_symbol_is_named(tmp_path: Path) -> None:
    target = built(tmp_path, f"int nowhere(void); int user(void) {{ return nowhere(); }}\n{FIRST}")
    with pytest.raises(UsageError, match="nowhere"):
        probe(target, SECONDS)


def test_changed_signal_handlers_are_found(tmp_path: Path) -> None:
    source = f"""#include <signal.h>
    static void handle(int number) {{ (void)number; }}
    __attribute__((constructor)) void f(void) {{ signal(SIGUSR1, handle); }}
    {FIRST}"""
    (finding,) = probe(built(tmp_path, source), SECONDS).findings
    assert finding.id == "signal-handlers"
    assert "SIGUSR1" in finding.message


def test_a_process_that_can_not_exit_is_found(tmp_path: Path) -> None:
    source = f"#include <stdlib.h>\n{FIRST}__attribute__((destructor)) void f(void) {{ abort(); }}"
    (finding,) = probe(built(tmp_path, source), SECONDS).findings
    assert finding.id == "process-exit"
    assert "SIGABRT" in finding.message


def test_a_library_with_a_thread_of_its_own_is_not_unloaded_below_it(tmp_path: Path) -> None:
    source = """
    #include <pthread.h>
    #include <unistd.h>
    static void *work(void *number) { for (;;) usleep(100); return number; }
    __attribute__((constructor)) static void f(void) {
      pthread_t thread;
      pthread_create(&thread, 0, work, 0);
    }
    """
    assert probe(built(tmp_path, source + FIRST, "-pthread"), SECONDS).findings == ()


def test_a_sanitizer_is_known_by_its_library() -> None:
    assert is_sanitized(["libc.so.6", "libasan.so.8"])
    assert is_sanitized(["libtsan.so.2"])
    assert not is_sanitized(["libc.so.6"])
