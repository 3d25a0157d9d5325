# SPDX-License-Identifier: Apache-2.0
"""The suites for airspeed velocity: their numbers are right, and asv understands them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ffi_cts.bench.settings import Settings, choose

ROOT = Path(__file__).parent.parent
TWO = ("call.args_0", "object.incref_decref")

if not (ROOT / "benchmarks").is_dir():
    pytest.skip("benchmarks/ is in a checkout only", allow_module_level=True)


@pytest.fixture(scope="module")
def calls() -> ModuleType:
    """The module of benchmarks, found by its path as asv does."""
    found = importlib.util.spec_from_file_location("calls", ROOT / "benchmarks" / "calls.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def reference(calls: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The same, where no release is installed."""

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(calls.importlib.metadata, "version", missing)
    return calls


def tracks(calls: ModuleType) -> list[tuple[Any, Any]]:
    """Every suite, and its function."""
    suites = [calls.Instructions(), calls.Time()]
    return [(suite, getattr(suite, n)) for suite in suites for n in dir(suite) if "track_" in n]


def configuration() -> dict[str, Any]:
    """asv.conf.json without its comments, which stand on lines of their own."""
    lines = (ROOT / "asv.conf.json").read_text().splitlines()
    found = json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//")))
    assert isinstance(found, dict)
    return found


def test_the_configuration_has_releases_and_the_reference() -> None:
    found = configuration()
    versions = found["matrix"]["req"]["apache-tvm-ffi"]
    assert versions[:3] == ["0.1.0", "0.1.7", "0.1.15.post2"]
    assert versions[-1] is None
    assert found["environment_type"] == "virtualenv"
    # In an existing environment nothing is installed, so it is measured once.
    assert found["exclude"] == [{"environment_type": "existing", "req": {"apache-tvm-ffi": ".+"}}]
    assert (ROOT / found["benchmark_dir"] / "calls.py").is_file()
    # Of two wheels asv could not tell which one is the project.
    assert all("--no-deps" in command for command in found["build_command"])


def test_every_track_says_what_it_is(calls: ModuleType) -> None:
    found = tracks(calls)
    assert [(suite.unit, track.__name__) for suite, track in found] == [
        ("instructions", "track_instructions"),
        ("ns", "track_time"),
    ]
    for suite, track in found:
        assert track.__doc__
        assert "\n" not in track.__doc__
        assert suite.param_names == ("operation",)
        assert suite.version


def test_the_list_has_every_operation(calls: ModuleType) -> None:
    names = {operation.name for operation in choose(Settings(layers=("c",)))}
    listed = set(calls.OPERATIONS)
    assert not names - listed, "add these at the end of benchmarks/operations.txt"
    assert not listed - names, "no driver knows these names of benchmarks/operations.txt"
    assert len(listed) == len(calls.OPERATIONS)


def test_it_measures_the_reference(reference: ModuleType) -> None:
    options: dict[str, Any] = {"only": TWO}
    for suite, track in tracks(reference):
        if suite.unit == "instructions" and shutil.which("valgrind") is None:
            continue
        if suite.unit == "ns":
            options["rounds"] = 2
        measured = reference.measure("time" if suite.unit == "ns" else "instructions", **options)
        json.dumps(measured)
        for name in TWO:
            suite.setup(measured, name)
            assert track(measured, name) > 0
        assert math.isnan(track(measured, "container.map_get"))


def test_an_installed_release_is_measured_instead(
    calls: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls.importlib.metadata, "version", lambda name: "0.1.7")
    assert calls.target() == "apache-tvm-ffi==0.1.7"


def test_without_valgrind_instructions_are_left_out(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference.shutil, "which", lambda name: None)
    suite = reference.Instructions()
    measured = suite.setup_cache()
    with pytest.raises(NotImplementedError, match="valgrind is not installed"):
        suite.setup(measured, TWO[0])


def test_a_commit_without_a_benchmark_is_left_out(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ffi_cts.bench.measure", None)
    suite = reference.Time()
    measured = suite.setup_cache()
    with pytest.raises(NotImplementedError, match="this commit has no benchmark"):
        suite.setup(measured, TWO[0])


def test_a_library_that_breaks_down_is_a_failure(calls: ModuleType) -> None:
    measured = {"values": {}, "broken": {"call.args_0": "killed by SIGSEGV"}, "skip": {}}
    with pytest.raises(RuntimeError, match=r"call\.args_0: killed by SIGSEGV"):
        calls.value(measured, "call.args_0")


def test_asv_understands_the_suites(tmp_path: Path) -> None:
    pytest.importorskip("asv", reason="asv is not installed")
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    config = {**configuration(), "repo": str(ROOT), "build_command": [], "install_command": []}
    config["matrix"] = {}
    (tmp_path / "asv.conf.json").write_text(json.dumps(config))
    done = subprocess.run(
        [sys.executable, "-m", "asv", "check", "--python=same"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
