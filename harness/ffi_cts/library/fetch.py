# SPDX-License-Identifier: Apache-2.0
"""Fetching a released wheel with pip and keeping it in a cache, packed and unpacked.

Nothing that is fetched is imported or run here. A wheel is kept only if its hash is on record,
and what was unpacked is compared with it. A folder of the cache appears whole or not at all, so
any number of processes may fetch at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
from packaging.tags import platform_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from ffi_cts.errors import UsageError
from ffi_cts.library.releases import PROJECT, Release
from ffi_cts.library.wheels import LIBRARY, first_difference, refused, unpack

CACHE_VARIABLE = "FFI_CTS_CACHE"

_FOLDER = "packages"
_PIP_SECONDS = 300
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
    for folder in sorted((cache / _FOLDER).glob(f"{release.version}-*")):
        if _intact(folder, release):
            return folder
    return None


def verify(folder: Path, release: Release) -> None:
    """Compare every file of the unpacked package with what was published, before an import.

    `folder` is what `cached` or `fetch` gave. Raises UsageError naming the first file that was
    changed, added or removed.
    """
    remedy = f"Remove {folder}: it is fetched again."
    wheel = _wheel_of(folder, release)
    if wheel is None:
        raise UsageError(f"{folder} does not hold {release.id} as it was published.", remedy)
    try:
        changed = first_difference(wheel, folder)
    except OSError as error:
        raise UsageError(f"Can't read {folder}: {error}.", remedy) from error
    if changed is not None:
        raise UsageError(f"{folder / changed} is not as it was published.", remedy)


def fetch(
    release: Release, cache: Path, progress: Callable[[str], None] = lambda message: None
) -> Path:
    """Download the release and give its folder in the cache. Raises UsageError."""
    try:
        (cache / _FOLDER).mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".fetch-", dir=cache / _FOLDER))
    except OSError as error:
        raise UsageError(
            f"Can't write to the cache folder {cache}: {error.strerror or error}.",
            f"Set {CACHE_VARIABLE} to a folder that can be written.",
        ) from error
    try:
        progress(f"downloading {release.id} with pip")
        wheel = _download(release, work)
        _check_wheel(wheel, release)
        staging = work / "staging"
        unpack(wheel, staging)
        wheel.rename(staging / wheel.name)
        tag = wheel.name.removesuffix(".whl").split("-", 2)[2]
        return _install(staging, cache / _FOLDER / f"{release.version}-{tag}", release)
    except OSError as error:
        raise UsageError(
            f"Can't put {release.id} into the cache folder {cache}: {error}.",
            f"Free some space, or set {CACHE_VARIABLE} to another folder.",
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


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


def _check_wheel(wheel: Path, release: Release) -> None:
    try:
        name, version, _, _ = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as error:
        raise refused(wheel, "its file name is none of a wheel") from error
    if name != canonicalize_name(PROJECT) or version != Version(release.version):
        raise refused(wheel, f"it is not {release.id}")
    expected = release.wheels.get(wheel.name)
    if expected is None:
        raise refused(
            wheel, f"{release.id} was not published under this name, as far as this suite knows"
        )
    digest = sha256_of(wheel)
    if digest != expected:
        raise refused(wheel, f"its SHA-256 is {digest}, but {expected} was published")


def _wheel_of(folder: Path, release: Release) -> Path | None:
    """The wheel in a folder of the cache, if it is the published one for this platform."""
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        return None
    try:
        _check_wheel(wheels[0], release)
        here = not _platforms(wheels[0].name).isdisjoint(platform_tags())
    except (UsageError, OSError):
        return None
    return wheels[0] if here else None


def wheels_here(release: Release) -> list[str]:
    """Give the names of the wheels of a release that are for this kind of machine."""
    here = set(platform_tags())
    return [name for name in release.wheels if not here.isdisjoint(_platforms(name))]


def _platforms(wheel: str) -> set[str]:
    """The kinds of machine that a wheel is for. Raises InvalidWheelFilename."""
    _, _, _, tags = parse_wheel_filename(wheel)
    return {tag.platform for tag in tags}


def _intact(folder: Path, release: Release) -> bool:
    """Whether the library there is the published one. The rest of the package is not looked at."""
    wheel = _wheel_of(folder, release)
    try:
        return wheel is not None and first_difference(wheel, folder, only=LIBRARY) is None
    except (UsageError, OSError):
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
