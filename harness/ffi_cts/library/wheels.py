# SPDX-License-Identifier: Apache-2.0
"""The archive of a release: unpacked with suspicion, and compared with what was unpacked."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from ffi_cts.errors import UsageError

LIBRARY = "tvm_ffi/lib/libtvm_ffi.so"
INCLUDE = "tvm_ffi/include"
_PACKAGE = "tvm_ffi"

_MAX_ENTRIES = 20_000
_MAX_FILE_BYTES = 512 << 20
_MAX_TOTAL_BYTES = 1 << 30
_CHUNK = 1 << 20


def unpack(wheel: Path, target: Path) -> None:
    """Unpack the package of the wheel, and nothing else, into a new folder.

    Raises UsageError if the archive is damaged, lacks the library, or has an entry that no
    honest wheel has: an absolute or climbing name, a link, an absurd size.
    """
    with _opened(wheel) as archive:
        for info in _checked_entries(wheel, archive):
            path = target / PurePosixPath(info.filename)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                for chunk in _content(wheel, archive, info):
                    file.write(chunk)
    if not (target / LIBRARY).is_file():
        raise refused(wheel, f"it has no {LIBRARY}")


def first_difference(wheel: Path, folder: Path, *, only: str | None = None) -> str | None:
    """Say which file of the unpacked package is not as in the wheel; None if all are.

    Beside the package the wheel itself may lie in the folder, and nothing else, for it is what
    Python searches. With `only`, that file alone is compared. What Python compiled there on an
    earlier import is removed first, since it would be believed. Raises UsageError for a broken
    wheel, OSError.
    """
    with _opened(wheel) as archive:
        entries = {info.filename: info for info in _checked_entries(wheel, archive)}
        if only is not None:
            entries = {only: entries[only]} if only in entries else {}
        else:
            present = {path.relative_to(folder).as_posix() for path in _files(folder)}
            strange = present - set(entries) - {wheel.name}
            if strange:
                return min(strange)
        for name, info in entries.items():
            path = folder / PurePosixPath(name)
            if path.is_symlink() or not path.is_file():
                return name
            with path.open("rb") as file:
                if not all(
                    file.read(len(chunk)) == chunk for chunk in _content(wheel, archive, info)
                ) or file.read(1):
                    return name
    return None if entries else only


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.name == "__pycache__":
            shutil.rmtree(path, ignore_errors=True)
        elif "__pycache__" not in path.parts and (path.is_symlink() or not path.is_dir()):
            yield path


@contextmanager
def _opened(wheel: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            yield archive
    # zipfile reports an encrypted entry as RuntimeError, an unknown method as the last one.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise refused(wheel, f"it can't be unpacked ({error})") from error


def _checked_entries(wheel: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > _MAX_ENTRIES:
        raise refused(wheel, f"it has {len(infos)} entries")
    wanted: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            raise refused(wheel, f"the entry {info.filename!r} leads out of its folder")
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise refused(wheel, f"the entry {info.filename!r} is a link or a device")
        if info.is_dir() or not _wanted(path):
            continue
        if str(path) in wanted:
            raise refused(wheel, f"the entry {info.filename!r} is there twice")
        total += info.file_size
        if info.file_size > _MAX_FILE_BYTES or total > _MAX_TOTAL_BYTES:
            raise refused(wheel, f"unpacking {info.filename!r} would take too much space")
        wanted[str(path)] = info
    return list(wanted.values())


def _wanted(path: PurePosixPath) -> bool:
    # The Python package goes along: the benchmark calls through it, in a child.
    return path.parts[0] == _PACKAGE


def _content(wheel: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    left = info.file_size
    source: IO[bytes]
    with archive.open(info) as source:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            # The size in the directory of the archive is a claim, not a fact.
            if left < 0:
                raise refused(wheel, f"the entry {info.filename!r} is longer than it says")
            yield chunk
    if left:
        raise refused(wheel, f"the entry {info.filename!r} is shorter than it says")


def refused(wheel: Path, reason: str) -> UsageError:
    """The error for a wheel that is not to be trusted."""
    return UsageError(
        f"The wheel {wheel.name} is refused: {reason}.",
        "Check which package index pip is configured to use, and try again.",
    )
