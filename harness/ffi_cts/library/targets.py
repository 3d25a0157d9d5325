# SPDX-License-Identifier: Apache-2.0
"""From what a user types to a library file that can be judged."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import frozen
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from ffi_cts._paths import reference_library
from ffi_cts.errors import UsageError
from ffi_cts.library import fetch, releases
from ffi_cts.library.elf import inspect_library
from ffi_cts.library.releases import PROJECT, Release
from ffi_cts.library.wheels import INCLUDE, LIBRARY

REFERENCE = "reference"
_SHARED_OBJECT = re.compile(r"\.so(\.\d+)*$")


@frozen(kw_only=True)
class Target:
    """A library to judge.

    `exported` are its dynamic symbols, `needed` the libraries that it links, `include` its own
    headers if known. `release` is the version of apache-tvm-ffi for released libraries only.
    Nothing here comes from what the library reports about itself.
    """

    id: str
    path: Path
    sha256: str
    include: Path | None
    release: str | None
    exported: frozenset[str]
    needed: tuple[str, ...] = ()


def expand(words: Iterable[str]) -> list[str]:
    """Put in place of each range of releases the releases that it means, oldest first.

    Ranges are `apache-tvm-ffi==*` (all of them) and version specifiers of PEP 440, such as
    `apache-tvm-ffi>=0.1.9,<0.1.12`. Releases that were withdrawn are meant by their version alone.
    Any other word stays as it is, and so does `==` with one version.

    Raises:
        UsageError: no release fits, or the range can't be understood.
    """
    found: list[str] = []
    for word in words:
        found += _in_range(word) or [word]
    return found


def _in_range(word: str) -> list[str]:
    """The releases that a word means; none if it names one thing."""
    match = re.fullmatch(r"\s*([^<>=~!/]+?)\s*(([<>=~!]+)(.*?))\s*", word, re.DOTALL)
    if match is None or canonicalize_name(match[1]) != PROJECT:
        return []
    _, text, operator, rest = match.groups()
    if operator == "==" and rest.strip() == "*":
        return [release.id for release in releases.fitting(None)]
    if operator == "==" and "," not in rest and "*" not in rest:
        return []
    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier as error:
        raise UsageError(
            f"{word!r} can't be understood as a range of releases.",
            f"Write {PROJECT}==* for all of them, or for example '{PROJECT}>=0.1.9,<0.1.12'.",
        ) from error
    ids = [release.id for release in releases.fitting(specifiers)]
    if not ids:
        raise UsageError(
            f"No release fits {word!r}.",
            f"The newest is {releases.newest().id}; `ffi-cts releases` lists them all.",
        )
    return ids


def resolve(
    spec: str,
    *,
    cache: Path | None = None,
    allow_download: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Target:
    """Find the library that `spec` names, fetching it if need be, and inspect its file.

    `spec` is `reference`, a path, `apache-tvm-ffi` (the installed one, else the newest release)
    or `apache-tvm-ffi==VERSION`; what means several is for `expand`. The library is neither loaded
    nor imported. Raises UsageError.
    """
    name, separator, version = spec.strip().partition("==")
    if spec == REFERENCE:
        return _reference()
    if _SHARED_OBJECT.search(spec) or "/" in spec:
        return _target(Path(spec).name, Path(spec))
    if canonicalize_name(name) == PROJECT:
        installed = None if separator else _installed()
        if installed is not None:
            return installed
        release = releases.find(version.strip()) if separator else releases.newest()
        return _released(release, fetch.cache_root(cache), allow_download, progress)
    if Path(spec).exists() and spec:
        return _target(Path(spec).name, Path(spec))
    raise _unknown(spec, name)


def _target(id: str, path: Path, include: Path | None = None, release: str | None = None) -> Target:
    # The path stays as given but for being absolute: a library may find others beside the link.
    path = path.absolute()
    facts = inspect_library(path)
    try:
        sha256 = fetch.sha256_of(path)
    except OSError as error:
        raise UsageError(f"Can't read {path}: {error}.", "Check its permissions.") from error
    return Target(
        id=id,
        path=path,
        sha256=sha256,
        include=include if include is not None and include.is_dir() else None,
        release=release,
        exported=facts.exported,
        needed=tuple(facts.needed),
    )


def _reference() -> Target:
    try:
        path = reference_library()
    except FileNotFoundError as error:
        raise UsageError(f"The reference implementation is missing: {error}") from error
    return _target(REFERENCE, path)


def _installed() -> Target | None:
    try:
        distribution = importlib.metadata.distribution(PROJECT)
    except importlib.metadata.PackageNotFoundError:
        return None
    path = Path(str(distribution.locate_file(LIBRARY)))
    if not path.is_file():
        raise UsageError(
            f"{PROJECT} {distribution.version} is installed, but has no library at {path}.",
            f"Name a release, such as {releases.newest().id}, or give the path of the library.",
        )
    include = Path(str(distribution.locate_file(INCLUDE)))
    return _target(f"{PROJECT}=={distribution.version}", path, include, distribution.version)


def _released(
    release: Release,
    cache: Path,
    allow_download: bool,
    progress: Callable[[str], None] | None,
) -> Target:
    folder = fetch.cached(release, cache)
    if folder is None:
        if not allow_download:
            raise UsageError(
                f"{release.id} is not in the cache folder {cache}, and downloads are off.",
                "Allow downloads, or give the path of the library.",
            )
        folder = fetch.fetch(release, cache, progress or (lambda message: None))
    return _target(release.id, folder / LIBRARY, folder / INCLUDE, release.version)


def _unknown(spec: str, name: str) -> UsageError:
    hint = (
        f"Give {REFERENCE}, the path of a shared library, {PROJECT}, "
        f"or {PROJECT}==VERSION such as {releases.newest().id}."
    )
    if re.match(rf"{PROJECT}\s*[<>~!=\[@]", name, re.IGNORECASE):
        return UsageError(f"{spec!r} does not name one release.", hint)
    return UsageError(f"There is no target {spec!r}: it is no file and no known name.", hint)
