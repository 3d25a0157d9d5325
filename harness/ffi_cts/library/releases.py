# SPDX-License-Identifier: Apache-2.0
"""The published releases of apache-tvm-ffi, as listed in spec/."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache

from attrs import field, frozen
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ffi_cts import _toml
from ffi_cts._paths import resource
from ffi_cts.errors import UsageError

PROJECT = "apache-tvm-ffi"


@frozen(kw_only=True)
class Release:
    """One release: `wheels` maps the names of its wheels for Linux to their SHA-256."""

    version: str
    yanked: bool
    reported_version: str
    headers_changed: str = ""
    symbols_added: tuple[str, ...] = ()
    wheels: Mapping[str, str] = field(factory=dict)

    @property
    def id(self) -> str:
        """The name by which a user asks for this release."""
        return f"{PROJECT}=={self.version}"


@lru_cache(maxsize=1)
def releases() -> tuple[Release, ...]:
    """Give all listed releases, yanked ones too, oldest first."""
    spec = resource("spec")
    data = _toml.load(spec / "releases.toml")
    wheels = _wheels((spec / "wheels.sha256").read_text(encoding="ascii"))
    return tuple(
        Release(
            version=entry["version"],
            yanked=entry["yanked"],
            reported_version=entry["reported_version"],
            headers_changed=entry["headers_changed"],
            symbols_added=tuple(entry["symbols_added"]),
            wheels=wheels[entry["version"]],
        )
        for entry in data["release"]
    )


def _wheels(lines: str) -> dict[str, dict[str, str]]:
    """Hashes by version and file name, from the output of sha256sum."""
    found: dict[str, dict[str, str]] = {}
    for line in lines.splitlines():
        digest, name = line.split()
        found.setdefault(name.split("-")[1], {})[name] = digest
    return found


def newest() -> Release:
    """Give the newest release that is not yanked."""
    return next(release for release in reversed(releases()) if not release.yanked)


def fitting(specifiers: SpecifierSet | None) -> tuple[Release, ...]:
    """Give the releases that fit and were not withdrawn, oldest first; None fits all of them."""
    return tuple(
        release
        for release in releases()
        if not release.yanked
        and (specifiers is None or specifiers.contains(release.version, prereleases=True))
    )


def find(version: str) -> Release:
    """Find a release by version, in any spelling of it.

    Raises UsageError with near matches if it is not listed.
    """
    try:
        wanted = Version(version)
    except InvalidVersion:
        wanted = None
    for release in releases():
        if wanted is not None and Version(release.version) == wanted:
            return release
    names = [release.version for release in releases()]
    near = [name for name in names if version and name.startswith(f"{version}.")]
    near += [name for name in difflib.get_close_matches(version, names) if name not in near]
    hint = f"Near it: {', '.join(near)}. " if near else ""
    raise UsageError(
        f"{PROJECT}=={version} is not a known release.",
        f"{hint}The newest is {newest().id}; `ffi-cts releases` lists them all. Another build "
        "can be judged by giving the path of its library.",
    )
