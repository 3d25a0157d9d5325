# SPDX-License-Identifier: Apache-2.0
"""Targets: names, paths, and released wheels in the cache. No test needs a network."""

from __future__ import annotations

import hashlib
import importlib.metadata
import multiprocessing
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from packaging.version import Version

from ffi_cts.errors import UsageError
from ffi_cts.library import fetch, releases, targets, wheels
from ffi_cts.library.releases import Release
from ffi_cts.library.targets import resolve

PLATFORM = sysconfig.get_platform().replace("-", "_")
WHEEL = f"apache_tvm_ffi-0.1.0-cp311-cp311-{PLATFORM}.whl"
Files = Mapping[str, bytes]

TESTING_LIBRARY = "tvm_ffi/lib/libtvm_ffi_testing.so"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lib")
    (folder / "a.c").write_text("int TVMFFIFirst(void) { return 0; }")
    command = ["gcc", "-shared", "-fPIC", "-o", "libmine.so", "a.c"]
    subprocess.run(command, check=True, cwd=folder)
    return folder / "libmine.so"


@pytest.fixture
def files(library: Path) -> dict[str, bytes]:
    return {
        wheels.LIBRARY: library.read_bytes(),
        TESTING_LIBRARY: b"testing",
        "tvm_ffi/include/tvm/ffi/c_api.h": b"// header",
        "tvm_ffi/core.py": b"raise SystemExit",
    }


def make_wheel(folder: Path, files: Files, name: str = WHEEL) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in files.items():
            archive.writestr(entry, content)
    return folder / name


class FakePip:
    """Stands for pip: puts the wheel where asked, or fails with a text."""

    def __init__(self, wheel: Path | None, stderr: str = "") -> None:
        self.wheel, self.stderr, self.calls = wheel, stderr, 0

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        self.calls += 1
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        assert "--no-deps" in command
        assert options["timeout"] > 0
        if self.wheel is None:
            return subprocess.CompletedProcess(command, 1, b"", self.stderr.encode())
        shutil.copy(self.wheel, command[command.index("--dest") + 1])
        return subprocess.CompletedProcess(command, 0, b"", b"WARNING: yanked")


@pytest.fixture
def wheel(tmp_path: Path, files: dict[str, bytes]) -> Path:
    return make_wheel(tmp_path / "index", files)


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch, wheel: Path) -> Release:
    """The only listed release, with the wheel on record."""
    only = Release(
        version="0.1.0",
        yanked=False,
        reported_version="0.1.0",
        wheels={WHEEL: fetch.sha256_of(wheel)},
    )
    monkeypatch.setattr(releases, "releases", lambda: (only,))
    return only


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, wheel: Path, release: Release) -> FakePip:
    fake = FakePip(wheel)
    monkeypatch.setattr(subprocess, "run", fake)
    return fake


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as caught:
        action()
    return str(caught.value)


# --- names and paths


def test_a_path(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = resolve(str(library))
    assert (target.id, target.path, target.release) == ("libmine.so", library, None)
    assert target.sha256 == hashlib.sha256(library.read_bytes()).hexdigest()
    assert "TVMFFIFirst" in target.exported
    monkeypatch.chdir(library.parent)
    assert resolve("libmine.so") == resolve("./libmine.so") == target


def test_a_link_keeps_its_own_path(library: Path, tmp_path: Path) -> None:
    (tmp_path / "link.so").symlink_to(library)
    assert resolve(str(tmp_path / "link.so")).path == tmp_path / "link.so"


def test_the_reference(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "reference_library", lambda: library)
    assert (resolve("reference").id, resolve("reference").path) == ("reference", library)


def test_a_missing_reference_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise FileNotFoundError("not built. Build it.")

    monkeypatch.setattr(targets, "reference_library", missing)
    assert "not built" in refused(lambda: resolve("reference"))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "no target ''"),
        ("torch", "no target 'torch'"),
        ("./none.so", "no such file"),
        ("libnone.so.3", "no such file"),
        ("apache-tvm-ffi>=0.1.0", "does not name one release"),
        ("apache-tvm-ffi==", "not a known release"),
        ("apache-tvm-ffi==banana", "not a known release"),
        ("apache-tvm-ffi==0.1.8.post7", "0.1.8.post2"),
        ("apache-tvm-ffi==0.2.0", "apache-tvm-ffi==0.1.15.post2"),
    ],
)
def test_what_is_no_target(spec: str, said: str) -> None:
    assert said in refused(lambda: resolve(spec, allow_download=False))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("apache-tvm-ffi>=0.1.6,<0.1.9", ["0.1.6", "0.1.7", "0.1.8.post2"]),
        ("apache_tvm_ffi<=0.1.1", ["0.1.0", "0.1.1"]),
        ("apache-tvm-ffi ~= 0.1.14", ["0.1.14.post0", "0.1.15.post2"]),
        ("apache-tvm-ffi==0.1.15.*", ["0.1.15.post1", "0.1.15.post2"]),
        ("apache-tvm-ffi!=0.1.0,<0.1.2", ["0.1.1"]),
    ],
)
def test_a_range_means_releases_that_were_not_withdrawn(word: str, meant: list[str]) -> None:
    found = targets.expand([word])
    assert found[0] == f"apache-tvm-ffi=={meant[0]}"
    assert found[-1] == f"apache-tvm-ffi=={meant[-1]}"
    assert not [id for id in found if releases.find(id.partition("==")[2]).yanked]


def test_every_release() -> None:
    found = targets.expand(["reference", "apache-tvm-ffi==*"])
    assert found[0] == "reference"
    assert found[1:] == [release.id for release in releases.releases() if not release.yanked]


@pytest.mark.parametrize(
    "word",
    ["./libmine.so", "apache-tvm-ffi", "apache-tvm-ffi==0.1.8", "reference", "", "a>=1", "=="],
)
def test_other_words_stay_as_they_are(word: str) -> None:
    assert targets.expand([word]) == [word]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("apache-tvm-ffi>=9", "No release fits"),
        ("apache-tvm-ffi>=banana", "can't be understood"),
        ("apache-tvm-ffi==*,<0.1", "can't be understood"),
        ("apache-tvm-ffi>=0.1 or so", "can't be understood"),
        ("apache-tvm-ffi>=0.1; python_version > '3'", "can't be understood"),
    ],
)
def test_a_range_without_a_meaning(word: str, said: str) -> None:
    assert said in refused(lambda: targets.expand([word]))


def test_the_installed_release(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "apache_tvm_ffi-9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: apache-tvm-ffi\nVersion: 9.9\n")
    distribution = importlib.metadata.PathDistribution(info)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: distribution)
    assert "no library at" in refused(lambda: resolve("apache-tvm-ffi"))
    (tmp_path / "tvm_ffi/lib").mkdir(parents=True)
    (tmp_path / "tvm_ffi/include").mkdir()
    shutil.copy(library, tmp_path / wheels.LIBRARY)
    target = resolve("apache-tvm-ffi")
    assert (target.id, target.release) == ("apache-tvm-ffi==9.9", "9.9")
    assert target.include == tmp_path / "tvm_ffi/include"
    assert "tvm_ffi" not in sys.modules


# --- the table of releases


def test_the_table_of_releases() -> None:
    table = releases.releases()
    versions = [Version(release.version) for release in table]
    assert versions == sorted(versions)
    assert sum(not release.yanked for release in table) == 21
    assert sum(release.yanked for release in table) == 7
    assert releases.newest().version == "0.1.15.post2"
    assert releases.find("0.1.15-2").version == "0.1.15.post2"
    for release in table:
        for name, digest in release.wheels.items():
            assert name.startswith(f"apache_tvm_ffi-{release.version}-")
            assert len(bytes.fromhex(digest)) == 32
        # The wheel that is fetched, for both kinds of machine.
        for machine in ("x86_64", "aarch64"):
            assert [name for name in release.wheels if "-cp311-" in name and machine in name]
    assert sum(len(release.symbols_added) for release in table) == 8


# --- fetching


def test_a_release_is_fetched_once(pip: FakePip, tmp_path: Path, library: Path) -> None:
    said: list[str] = []
    cache = tmp_path / "cache"
    target = resolve("apache-tvm-ffi==0.1.0", cache=cache, progress=said.append)
    assert (target.id, target.release) == ("apache-tvm-ffi==0.1.0", "0.1.0")
    assert target.path.read_bytes() == library.read_bytes()
    assert target.include is not None
    assert (target.include / "tvm/ffi/c_api.h").is_file()
    assert said == ["downloading apache-tvm-ffi==0.1.0 with pip"]
    assert resolve("apache-tvm-ffi==0.1.0", cache=cache, allow_download=False) == target
    assert pip.calls == 1
    folder = target.path.parents[2]
    kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert kept == {
        WHEEL,
        wheels.LIBRARY,
        TESTING_LIBRARY,
        "tvm_ffi/include/tvm/ffi/c_api.h",
        "tvm_ffi/core.py",  # unpacked, and never imported here: it would end the process
    }
    assert list((cache / "packages").iterdir()) == [folder]


def test_the_newest_release_if_none_is_installed(
    pip: FakePip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "_installed", lambda: None)
    monkeypatch.setenv("FFI_CTS_CACHE", str(tmp_path / "elsewhere"))
    assert resolve("apache-tvm-ffi").path.is_relative_to(tmp_path / "elsewhere")


@pytest.mark.parametrize("damage", ["library", "wheel", "another wheel", "gone"])
def test_a_damaged_cache_is_fetched_again(pip: FakePip, tmp_path: Path, damage: str) -> None:
    target = resolve("apache-tvm-ffi==0.1.0", cache=tmp_path)
    folder = target.path.parents[2]
    if damage == "library":
        target.path.write_bytes(b"\x7fELF")
    elif damage == "wheel":
        (folder / WHEEL).write_bytes(b"")
    elif damage == "another wheel":
        shutil.copy(folder / WHEEL, folder / f"more-{WHEEL}")
    else:
        target.path.unlink()
    assert resolve("apache-tvm-ffi==0.1.0", cache=tmp_path) == target
    assert pip.calls == 2
    assert list((tmp_path / "packages").iterdir()) == [folder]


def test_a_cache_of_another_platform_is_not_used(
    pip: FakePip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve("apache-tvm-ffi==0.1.0", cache=tmp_path)
    monkeypatch.setattr(fetch, "platform_tags", lambda: iter(["win_arm64"]))
    assert "downloads are off" in refused(
        lambda: resolve("apache-tvm-ffi==0.1.0", cache=tmp_path, allow_download=False)
    )


def test_a_wheel_with_another_hash_is_refused(
    pip: FakePip, tmp_path: Path, release: Release
) -> None:
    strict = attrs.evolve(release, wheels={WHEEL: "0" * 64})
    assert "was published" in refused(lambda: fetch.fetch(strict, tmp_path / "cache"))
    assert not list((tmp_path / "cache/packages").iterdir())


@pytest.mark.parametrize("tag", ["cp312-cp312", "cp311-cp311-1"])
def test_a_wheel_under_a_name_that_is_not_listed_is_refused(
    pip: FakePip, tmp_path: Path, wheel: Path, tag: str
) -> None:
    pip.wheel = wheel.rename(wheel.with_name(f"apache_tvm_ffi-0.1.0-{tag}-{PLATFORM}.whl"))
    message = refused(lambda: resolve("apache-tvm-ffi==0.1.0", cache=tmp_path / "cache"))
    assert "refused" in message
    assert not list((tmp_path / "cache/packages").iterdir())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tvm_ffi/core.py", b"import os"),
        ("tvm_ffi/core.py", b"raise SystemExit(1)"),
        ("tvm_ffi/core.py", None),
        ("tvm_ffi/more.py", b""),
        ("tvm_ffi/core.pyc", b""),
        ("os.py", b""),
        (TESTING_LIBRARY, b"Testing"),
        (WHEEL, b"PK"),
    ],
)
def test_a_package_that_was_changed_is_not_for_importing(
    pip: FakePip, tmp_path: Path, release: Release, name: str, change: bytes | None
) -> None:
    folder = fetch.fetch(release, tmp_path)
    fetch.verify(folder, release)
    if change is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(change)
    assert str(folder) in refused(lambda: fetch.verify(folder, release))


def test_a_link_is_none_of_the_package(pip: FakePip, tmp_path: Path, release: Release) -> None:
    folder = fetch.fetch(release, tmp_path / "cache")
    file = folder / "tvm_ffi/core.py"
    file.rename(tmp_path / "core.py")
    file.symlink_to(tmp_path / "core.py")
    assert "core.py" in refused(lambda: fetch.verify(folder, release))


def test_what_python_compiled_before_is_not_believed(
    pip: FakePip, tmp_path: Path, release: Release
) -> None:
    folder = fetch.fetch(release, tmp_path)
    (folder / "tvm_ffi/__pycache__").mkdir()
    (folder / "tvm_ffi/__pycache__/core.cpython-311.pyc").write_bytes(b"evil")
    fetch.verify(folder, release)
    assert not (folder / "tvm_ffi/__pycache__").exists()


def test_a_wheel_of_another_release_is_refused(
    pip: FakePip, tmp_path: Path, release: Release
) -> None:
    other = attrs.evolve(release, version="0.1.1")
    assert "not apache-tvm-ffi==0.1.1" in refused(lambda: fetch.fetch(other, tmp_path / "cache"))


@pytest.mark.parametrize(
    ("stderr", "said"),
    [
        ("/usr/bin/python: No module named pip\n", "No module named pip"),
        ("WARNING: x\nERROR: a\nERROR: No matching distribution\n\n", "No matching distribution"),
        ("WARNING: connection broken by 'X'\nERROR: none\n", "no connection"),
        ("", "nothing"),
    ],
)
def test_a_failed_download(
    pip: FakePip, tmp_path: Path, release: Release, stderr: str, said: str
) -> None:
    pip.wheel, pip.stderr = None, stderr
    message = refused(lambda: resolve("apache-tvm-ffi==0.1.0", cache=tmp_path / "cache"))
    assert said in message
    assert "pip download" in message
    assert not list((tmp_path / "cache/packages").iterdir())


def test_a_download_that_takes_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: Release
) -> None:
    def hang(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", hang)
    assert "did not finish" in refused(lambda: fetch.fetch(release, tmp_path))


def test_a_cache_that_is_no_folder(pip: FakePip, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = refused(lambda: resolve("apache-tvm-ffi==0.1.0", cache=tmp_path / "file"))
    assert "FFI_CTS_CACHE" in message


def _fetch_in_child(arguments: tuple[Release, Path, Path]) -> str:
    release, wheel, cache = arguments
    setattr(subprocess, "run", FakePip(wheel))  # noqa: B010 - a fork of our own
    return str(fetch.fetch(release, cache))


@pytest.mark.parametrize("damaged", [False, True])
def test_processes_that_fetch_at_once(
    tmp_path: Path, wheel: Path, release: Release, damaged: bool
) -> None:
    cache = tmp_path / "cache"
    if damaged:
        folder = Path(_fetch_in_child_process(release, wheel, cache)[0])
        (folder / wheels.LIBRARY).write_bytes(b"damaged")
    folders = set(_fetch_in_child_process(release, wheel, cache, 8))
    assert len(folders) == 1
    assert [str(path) for path in (cache / "packages").iterdir()] == list(folders)
    assert fetch.cached(release, cache) == Path(folders.pop())


def _fetch_in_child_process(release: Release, wheel: Path, cache: Path, n: int = 1) -> list[str]:
    with multiprocessing.get_context("fork").Pool(n) as pool:
        return pool.map(_fetch_in_child, [(release, wheel, cache)] * n, chunksize=1)


# --- unpacking


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "tvm_ffi/include/../../../evil",
        "tvm_ffi/lib/..\\evil",
    ],
)
def test_an_entry_that_leads_out_is_refused(
    tmp_path: Path, files: dict[str, bytes], name: str
) -> None:
    wheel = make_wheel(tmp_path, {**files, name: b"x"})
    assert "leads out" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_link_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    wheel = make_wheel(tmp_path, files)
    info = zipfile.ZipInfo("tvm_ffi/include/link.h")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))


def test_a_size_bomb_is_refused(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = make_wheel(tmp_path, {**files, "tvm_ffi/include/big.h": bytes(1 << 20)})
    monkeypatch.setattr(wheels, "_MAX_FILE_BYTES", 1 << 19)
    assert "too much space" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))
    monkeypatch.setattr(wheels, "_MAX_FILE_BYTES", 1 << 21)
    monkeypatch.setattr(wheels, "_MAX_TOTAL_BYTES", 1 << 20)
    assert "too much space" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))
    monkeypatch.setattr(wheels, "_MAX_ENTRIES", 3)
    assert "5 entries" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))


def test_a_lie_about_the_size_is_found(tmp_path: Path, files: dict[str, bytes]) -> None:
    name = "tvm_ffi/include/big.h"
    wheel = make_wheel(tmp_path, {**files, name: bytes(5000)})
    content = bytearray(wheel.read_bytes())
    entry = content.rindex(name.encode()) - 46
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    wheel.write_bytes(content)
    assert "refused" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    wheel = make_wheel(tmp_path, files)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(wheels.LIBRARY, "another")
    assert "twice" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))


def test_wheels_that_are_none(tmp_path: Path, files: dict[str, bytes]) -> None:
    wheel = make_wheel(tmp_path, files)
    content = wheel.read_bytes()
    for broken in (b"", b"not a zip", content[: len(content) // 2], content[:-100]):
        wheel.write_bytes(broken)
        assert "can't be unpacked" in refused(lambda: wheels.unpack(wheel, tmp_path / "out"))
    del files[wheels.LIBRARY]
    wheel = make_wheel(tmp_path, files)
    assert "has no tvm_ffi/lib" in refused(lambda: wheels.unpack(wheel, tmp_path / "new"))
