# SPDX-License-Identifier: Apache-2.0
"""Fetching a released wheel with pip and keeping its library and headers in a cache.

Nothing that is fetched is imported or run here. A folder of the cache appears whole or not at
all, so any number of processes may fetch at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import platformdirs
from packaging.tags import platform_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from ffi_cts.errors import UsageError
from ffi_cts.library.releases import PROJECT, Release

LIBRARY = "tvm_ffi/lib/libtvm_ffi.so"
INCLUDE = "tvm_ffi/include"
_PACKAGE = "tvm_ffi"
_LAYOUT = 2
"""Of a release's folder: one of another layout is fetched again."""
CACHE_VARIABLE = "FFI_CTS_CACHE"

_PIP_SECONDS = 300
_MAX_ENTRIES = 20_000
_MAX_FILE_BYTES = 512 << 20
_MAX_TOTAL_BYTES = 1 << 30
_CHUNK = 1 << 20


def cache_root(given: Path | None = None) -> Path:
    """Give the cache folder: the argument, else the environment variable, else the user's."""
    if given is not None:
        return given
    from_environment = os.environ.get(CACHE_VARIABLE)
    return Path(from_environment or platformdirs.user_cache_dir("ffi-cts")).absolute()


def sha256_of(path: Path) -> str:
    """Hash a file without reading it into memory at once. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def cached(release: Release, cache: Path) -> Path | None:
    """Give the cached folder of the release if there is an intact one for this platform."""
    for folder in sorted((cache / "releases").glob(f"{release.version}-*")):
        if _intact(folder, release):
            return folder
    return None


def fetch(
    release: Release, cache: Path, progress: Callable[[str], None] = lambda message: None
) -> Path:
    """Download the release and give its folder in the cache. Raises UsageError."""
    try:
        (cache / "releases").mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".fetch-", dir=cache / "releases"))
    except OSError as error:
        raise UsageError(
            f"Can't write to the cache folder {cache}: {error.strerror or error}.",
            f"Set {CACHE_VARIABLE} to a folder that can be written.",
        ) from error
    try:
        progress(f"downloading {release.id} with pip")
        wheel = _download(release, work)
        digest = _check_wheel(wheel, release)
        staging = work / "staging"
        unpack(wheel, staging)
        manifest = {
            "layout": _LAYOUT,
            "wheel": wheel.name,
            "wheel_sha256": digest,
            "library_sha256": sha256_of(staging / LIBRARY),
        }
        (staging / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
        tag = wheel.name.removesuffix(".whl").split("-", 2)[2]
        return _install(staging, cache / "releases" / f"{release.version}-{tag}", release)
    except OSError as error:
        raise UsageError(
            f"Can't put {release.id} into the cache folder {cache}: {error}.",
            f"Free some space, or set {CACHE_VARIABLE} to another folder.",
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def unpack(wheel: Path, target: Path) -> None:
    """Unpack the package of the wheel, and nothing else, into a new folder.

    Raises UsageError if the archive is damaged, lacks the library, or has an entry that no
    honest wheel has: an absolute or climbing name, a link, an absurd size.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            entries = _checked_entries(wheel, archive)
            for info in entries:
                _extract(wheel, archive, info, target)
    # zipfile reports an encrypted entry as RuntimeError, an unknown method as the last one.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise _bad_wheel(wheel, f"it can't be unpacked ({error})") from error
    if not (target / LIBRARY).is_file():
        raise _bad_wheel(wheel, f"it has no {LIBRARY}")


def _checked_entries(wheel: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > _MAX_ENTRIES:
        raise _bad_wheel(wheel, f"it has {len(infos)} entries")
    wanted: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            raise _bad_wheel(wheel, f"the entry {info.filename!r} leads out of its folder")
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _bad_wheel(wheel, f"the entry {info.filename!r} is a link or a device")
        if info.is_dir() or not _wanted(path):
            continue
        if str(path) in wanted:
            raise _bad_wheel(wheel, f"the entry {info.filename!r} is there twice")
        total += info.file_size
        if info.file_size > _MAX_FILE_BYTES or total > _MAX_TOTAL_BYTES:
            raise _bad_wheel(wheel, f"unpacking {info.filename!r} would take too much space")
        wanted[str(path)] = info
    return list(wanted.values())


def _wanted(path: PurePosixPath) -> bool:
    # The Python package goes along: the benchmark calls through it, in a child.
    return path.parts[0] == _PACKAGE


def _extract(wheel: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    path = target / PurePosixPath(info.filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with archive.open(info) as source, path.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            # The size in the directory of the archive is a claim, not a fact.
            if left < 0:
                raise _bad_wheel(wheel, f"the entry {info.filename!r} is longer than it says")
            file.write(chunk)
    if left:
        raise _bad_wheel(wheel, f"the entry {info.filename!r} is shorter than it says")


def _download(release: Release, work: Path) -> Path:
    folder = work / "download"
    folder.mkdir()
    # The library is the same for every Python, so ask for the wheel whose hash is on record.
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version=3.11", "--implementation=cp", "--abi=cp311"]
    command += ["--dest", str(folder), "--no-input", "--disable-pip-version-check", "-q"]
    command += ["--timeout=30", "--retries=2", release.id]
    try:
        # Not in the user's folder: -m would import a pip.py that happens to lie there.
        done = subprocess.run(
            command,
            check=False,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PIP_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise _no_download(release, f"pip did not finish in {_PIP_SECONDS} seconds") from error
    if done.returncode:
        raise _no_download(release, _pip_reason(done.stderr.decode("utf-8", "replace")))
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise _no_download(release, f"pip left {len(wheels)} wheels instead of one")
    return wheels[0]


def _pip_reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    said = (errors or lines or ["nothing"])[-1]
    reason = f'pip says "{said}"'
    if "connection broken" in stderr or "NewConnectionError" in stderr:
        reason = f"there is no connection to the package index; {reason}"
    return reason


def _no_download(release: Release, reason: str) -> UsageError:
    return UsageError(
        f"Can't download {release.id}: {reason}.",
        "On a machine that can, run: pip download --no-deps --only-binary=:all: "
        f"{release.id}; unzip the wheel, and give the path of its {LIBRARY} as the target.",
    )


def _check_wheel(wheel: Path, release: Release) -> str:
    try:
        name, version, _, _ = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as error:
        raise _bad_wheel(wheel, "its file name is none of a wheel") from error
    if name != canonicalize_name(PROJECT) or version != Version(release.version):
        raise _bad_wheel(wheel, f"it is not {release.id}")
    digest = sha256_of(wheel)
    expected = release.wheels.get(wheel.name, digest)
    if digest != expected:
        raise _bad_wheel(wheel, f"its SHA-256 is {digest}, but {expected} was published")
    return digest


def _bad_wheel(wheel: Path, reason: str) -> UsageError:
    return UsageError(
        f"The wheel {wheel.name} is refused: {reason}.",
        "Check which package index pip is configured to use, and try again.",
    )


def _intact(folder: Path, release: Release) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        wheel, digest = manifest["wheel"], manifest["wheel_sha256"]
        _, version, _, tags = parse_wheel_filename(wheel)
        return (
            manifest["layout"] == _LAYOUT
            and version == Version(release.version)
            and release.wheels.get(wheel, digest) == digest
            and sha256_of(folder / LIBRARY) == manifest["library_sha256"]
            and not {tag.platform for tag in tags}.isdisjoint(platform_tags())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _install(staging: Path, final: Path, release: Release) -> Path:
    """Move the finished folder into place; whoever was first with an intact one wins."""
    for attempt in range(10):
        try:
            staging.rename(final)
        except OSError:
            if _intact(final, release):
                return final
            # What stands there is damaged: move it aside, to be removed with the work folder.
            try:
                final.rename(staging.parent / f"damaged-{attempt}")
            except FileNotFoundError:
                continue
        else:
            return final
    raise OSError(f"{final} can't be replaced")
