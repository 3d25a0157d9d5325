# SPDX-License-Identifier: Apache-2.0
"""How a driver that misbehaves is told of: by the way it ended, never by words."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import reference_library
from ffi_cts.bench.measure import Measurement
from ffi_cts.bench.meters import driver
from ffi_cts.bench.settings import Settings
from ffi_cts.errors import FfiCtsError, HarnessError, UsageError
from ffi_cts.library.targets import resolve

START = "import os, sys; out = int(sys.argv[3]); ops = sys.argv[7:]\n"
TELL = "tell = lambda *words: os.write(out, ('\\t'.join(words) + '\\n').encode())\n"


def ask(monkeypatch: pytest.MonkeyPatch, program: str, patience: float = 60.0) -> driver.Answer:
    """Ask a driver made of this program for two operations."""
    command = (sys.executable, "-c", START + TELL + program)
    monkeypatch.setattr(driver, "command", lambda layer: command)
    library = Path("/libraries/libit.so")
    return driver.ask(driver.Request("c", "time", library, ("one", "two"), patience=patience))


def test_what_it_tells_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(
        monkeypatch,
        "for op in ops:\n  tell('begin', op); tell('value', op, '3', '1.5', '2.5')\ntell('end')",
    )
    assert found.samples == {"one": [1.5, 2.5], "two": [1.5, 2.5]}
    assert found.iterations == {"one": 3, "two": 3}
    assert (found.broken, found.ended) == ({}, True)


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("os.kill(os.getpid(), 11)", "killed by SIGSEGV"),
        ("os._exit(7)", "the process exited with code 7"),
        # These codes mean something before the first operation only.
        ("os._exit(5)", "the process exited with code 5"),
        ("os.write(out, b'x' * (1 << 20)); __import__('time').sleep(600)", "more than 65536 bytes"),
    ],
)
def test_the_operation_that_it_was_in_is_to_blame(
    monkeypatch: pytest.MonkeyPatch, end: str, how: str
) -> None:
    found = ask(
        monkeypatch,
        f"for op in ops:\n  tell('begin', op)\n  if op == 'one':\n    {end}\n"
        "  tell('value', op, '1', '1.0')\ntell('end')",
    )
    assert how in found.broken["one"]
    assert found.samples == {"two": [1.0]}


@pytest.mark.slow
def test_silence_is_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(
        monkeypatch,
        "import time\nfor op in ops:\n  tell('begin', op)\n  if op == 'two': time.sleep(600)\n"
        "  tell('value', op, '1', '1.0')\n",
        patience=8.0,
    )
    assert found.broken == {"two": "no answer within 8 s"}
    assert found.samples == {"one": [1.0]}


@pytest.mark.parametrize(
    ("end", "kind", "says"),
    [
        ("sys.exit('no operation one')", UsageError, "/libraries/libit.so can't be loaded"),
        ("print('it said', file=sys.stderr); os._exit(2)", HarnessError, "what to do: it said"),
        ("print('no perf', file=sys.stderr); os._exit(4)", UsageError, "so: no perf"),
        ("print('no symbol', file=sys.stderr); os._exit(5)", UsageError, "loaded: no symbol."),
        ("os.kill(os.getpid(), 6)", UsageError, "loaded: killed by SIGABRT"),
        ("tell('nonsense')", HarnessError, "which makes no sense"),
    ],
)
def test_an_end_before_the_first_operation_has_a_reason(
    monkeypatch: pytest.MonkeyPatch, end: str, kind: type[FfiCtsError], says: str
) -> None:
    with pytest.raises(kind) as caught:
        ask(monkeypatch, end)
    assert says in str(caught.value)


def test_a_path_is_told_as_the_user_gave_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = "import os, sys; print(sys.argv[2], 'is bad', file=sys.stderr); os._exit(5)"
    command = (sys.executable, "-c", script)
    monkeypatch.setattr(driver, "command", lambda layer: command)
    alias = tmp_path / "alias.so"
    request = driver.Request("c", "time", Path("/libraries/libit.so"), ("one",), alias=alias)
    with pytest.raises(UsageError, match=r"loaded: /libraries/libit.so is bad") as caught:
        driver.ask(request)
    assert str(alias) not in str(caught.value)


def test_a_driver_that_does_not_run_is_our_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "command", lambda layer: ("/nowhere/driver",))
    with pytest.raises(HarnessError, match="can't be started"):
        driver.ask(driver.Request("c", "time", Path("/libraries/libit.so"), ("one",)))


def test_a_changed_package_of_a_release_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FFI_CTS_CACHE", str(tmp_path))
    library = tmp_path / "releases" / "0.1.0-any" / "tvm_ffi" / "lib" / "libtvm_ffi.so"
    library.parent.mkdir(parents=True)
    shutil.copy(reference_library(), library)
    target = attrs.evolve(resolve(str(library)), release="0.1.0")
    settings = Settings(meters=("time",), layers=("python",), force=True)
    with pytest.raises(UsageError, match="as it was published"):
        Measurement([target], settings).run()
