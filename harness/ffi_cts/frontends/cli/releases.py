# SPDX-License-Identifier: Apache-2.0
"""``ffi-cts releases``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ffi_cts.frontends.cli.parameters import OUTPUT

if TYPE_CHECKING:
    from ffi_cts.library.releases import Release

_LONGEST = 60
"""Characters of a line about new functions."""


@click.command()
@click.argument("wanted", required=False, metavar="[RANGE]")
@click.option("--all", "withdrawn", is_flag=True, help="List withdrawn releases too.")
@click.option("--json", "json_file", type=OUTPUT, metavar="FILE", help="Write the list as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print names only, one a line, for a script.")
def releases(wanted: str | None, withdrawn: bool, json_file: Path | None, quiet: bool) -> None:
    """List the published releases of apache-tvm-ffi that this suite knows, oldest first.

    \b
    RANGE leaves out others:   ffi-cts releases 'apache-tvm-ffi>=0.1.9'
    Judge what is listed:      ffi-cts run 'apache-tvm-ffi>=0.1.9'

    "says" is what the library itself claims, which need not be its version. A release that is
    not cached is downloaded when it is judged; one without a wheel for this machine can't be.
    A withdrawn release can be judged by its version, and is part of no range.
    """
    from ffi_cts.errors import UsageError
    from ffi_cts.library import fetch
    from ffi_cts.library import releases as known
    from ffi_cts.library.targets import expand
    from ffi_cts.report import files
    from ffi_cts.report.documents import to_text

    taken = files.check_outputs({"--json": json_file})
    found = [each for each in known.releases() if withdrawn or not each.yanked]
    if wanted is not None:
        ids = expand([wanted])
        if not set(ids) <= {release.id for release in known.releases()}:
            raise UsageError(
                f"{wanted!r} is no range of releases.",
                f"Write for example '{known.PROJECT}>=0.1.9', or nothing for all of them.",
            )
        found = [release for release in known.releases() if release.id in ids]
    if quiet:
        click.echo("\n".join(release.id for release in found), err=taken)
    cache = fetch.cache_root()
    listed = (
        []
        if quiet and json_file is None
        else [_facts(each, new, cache) for each, new in brought(found)]
    )
    if json_file is not None:
        files.write_text(json_file, to_text({"schema": 1, "releases": listed}))
    elif not quiet:
        _print(found, listed)


def brought(found: Sequence[Release]) -> Iterator[tuple[Release, list[str]]]:
    """Each release, with the functions that those listed before it lack.

    What a release brought that is not listed counts for the next that is.
    """
    from ffi_cts.library import releases as known

    new: list[str] = []
    for release in known.releases():
        new += release.symbols_added
        if release in found:
            yield release, sorted(new)
            new = []


def _facts(release: Release, new: list[str], cache: Path) -> dict[str, Any]:
    from ffi_cts.library import fetch

    folder = fetch.cached(release, cache)
    return {
        "id": release.id,
        "version": release.version,
        "withdrawn": release.yanked,
        "reported_version": release.reported_version,
        "cached": None if folder is None else str(folder),
        "wheels": len(release.wheels),
        "wheels_here": len(fetch.wheels_here(release)),
        "symbols_added": new,
        "headers_changed": release.headers_changed,
    }


def _print(found: Sequence[Release], listed: Sequence[dict[str, Any]]) -> None:
    from ffi_cts.report.words import count

    width = max((len(release.version) for release in found), default=7)
    click.echo(f"{'version':<{width}}  {'says':<8}  cached  wheels  new functions")
    for release, facts in zip(found, listed, strict=True):
        cached = "yes" if facts["cached"] else "no"
        names = [name.removeprefix("TVMFFI") for name in facts["symbols_added"]]
        new = f"{len(names)}: {', '.join(names)}" if names else ""
        new = new if len(new) <= _LONGEST else f"{new[: _LONGEST - 3]}..."
        note = f"withdrawn {new}" if release.yanked else new
        line = f"{release.version:<{width}}  {release.reported_version:<8}  {cached:<6}"
        click.echo(f"{line}  {facts['wheels_here']!s:<6}  {note}".rstrip())
    total = sum(bool(facts["cached"]) for facts in listed)
    click.echo(f"{count(len(found), 'release')}, {total} cached; wheels are those for this machine")
