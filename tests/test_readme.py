# SPDX-License-Identifier: Apache-2.0
"""What the documentation shows is what the commands do today."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ffi_cts.frontends.cli import cli
from ffi_cts.library import fetch, releases
from support.command import Command
from support.shown import follows

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CLOSED = re.compile(r"[\[\]?]|\.\.\.")
SHOWN = re.compile(r"^\$ ffi-cts (?P<words>.+)\n(?P<output>(?:.*\n)*?)```", re.MULTILINE)


def commands(page: Path) -> Iterator[str]:
    """The commands of a page: lines of code, and whatever is in backticks."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"(?:^|&& |run: |bin/|\$ )ffi-cts (.+)", block, re.MULTILINE)
    yield from re.findall(r"`ffi-cts ([^`\n]+)`", text)


def cases() -> list[object]:
    """Each command of each page."""
    return [
        pytest.param(words, id=f"{page.name}: {words[:60]}")
        for page in PAGES
        for words in dict.fromkeys(commands(page))
    ]


@pytest.mark.parametrize("words", cases())
def test_every_command_of_the_documentation_is_understood(words: str) -> None:
    plain = re.split(r" && | #|  +", words)[0]
    arguments = [word for word in shlex.split(plain) if word != "…"]
    command: click.Command = cli
    while isinstance(command, click.Group) and arguments:
        name = arguments.pop(0).rstrip(",")
        if name.startswith("-"):
            return  # an option of the group, --help
        found = command.commands.get(name)
        assert found is not None, f"there is no command {name}"
        command = found
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for word in arguments:
        if word.startswith("-") and word != "-" and not CLOSED.search(word):
            assert word.partition("=")[0] in {*known, "--help"}, f"{command.name} has no {word}"


def test_the_comparison_sees_what_differs() -> None:
    assert follows(["a", "…", "c 1 …"], ["a", "b", "b", "c 1 s"]) is None
    assert follows(["a", "c"], ["a", "b", "c"]) == "c"
    assert follows(["a", "…", "d"], ["a", "b", "c"]) == "d"


@pytest.mark.slow
def test_the_readme_shows_what_the_command_prints(command: Command) -> None:
    found = SHOWN.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    words = shlex.split(found["words"])
    release = releases.find(words[1].partition("==")[2])
    cache = fetch.cache_root()
    if fetch.cached(release, cache) is None:
        pytest.skip(f"{release.id} is not in the cache")
    run = command(*words, env={"FFI_CTS_CACHE": str(cache)})
    assert run.returncode == 1, run.stderr
    missing = follows(found["output"].splitlines(), run.stdout.splitlines())
    assert missing is None, f"not printed: {missing}\n{run.stdout}"


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
