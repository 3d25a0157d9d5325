# SPDX-License-Identifier: Apache-2.0
"""What tests share, tested: a helper that is wrong would let everything pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.skips import Allowed, read
from support.users import shared_folder, without_privileges

HERE = Path(__file__).parent
SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="no moon")
def test_moon(): pass

def test_tide(): pytest.skip("no sea")

@pytest.mark.xfail(reason="known")
def test_known(): assert False

def test_fine(): pass
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("allowed", "code", "said"),
    [
        ("*::test_moon: no *\n*::test_tide: no sea  # inland\n", 0, ""),
        ("*::test_moon: no *\n", 1, "test_it.py::test_tide: no sea"),
        ("*: no sea\n", 1, "test_it.py::test_moon: no moon"),
        ("\n# nothing\n", 1, "skips that are not allowed"),
    ],
)
@pytest.mark.parametrize("spread", [(), ("-n", "1")], ids=["here", "spread"])
def test_a_skip_that_is_not_listed_fails_the_run(
    tmp_path: Path, allowed: str, code: int, said: str, spread: tuple[str, ...]
) -> None:
    (tmp_path / "test_it.py").write_text(SKIPPING)
    (tmp_path / "conftest.py").write_bytes((HERE / "conftest.py").read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone: x\n")
    (tmp_path / "skips.txt").write_text(allowed)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *spread),
            *("--allowed-skips", str(tmp_path / "skips.txt"), str(tmp_path)),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout


def test_a_line_that_is_no_skip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "skips.txt").write_text("tests/test_x.py\n")
    with pytest.raises(pytest.UsageError, match=r"skips.txt:1: 'tests/test_x.py' is no"):
        read(tmp_path / "skips.txt")


def test_brackets_in_ids_mean_themselves() -> None:
    assert Allowed("a.py::b[c]", "*").covers("a.py::b[c]", "why")
    assert not Allowed("a.py::b[c]", "*").covers("a.py::bc", "why")


def test_another_user_may_less() -> None:
    with shared_folder() as folder:

        def check() -> None:
            assert os.geteuid() != 0
            (folder / "mine").touch()
            with pytest.raises(PermissionError):
                Path("/ffi-cts-test").touch()

        without_privileges(check)
        assert (folder / "mine").exists()


def test_what_fails_as_another_user_fails_here() -> None:
    def check() -> None:
        raise ValueError("as it happens")

    with pytest.raises(AssertionError, match="as it happens"):
        without_privileges(check)
