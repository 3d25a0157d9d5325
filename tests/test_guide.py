# SPDX-License-Identifier: Apache-2.0
"""The guide to a runtime: its steps are built and judged, and what it shows is what is printed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import resource
from ffi_cts.selftest.variants import compiler
from support.command import Here
from support.shown import follows

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "write-a-runtime.md"
SOURCES = sorted((ROOT / "examples" / "runtime").glob("*.c"))
RUST = ROOT / "examples" / "runtime" / "rust" / "lib.rs"
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (?:(?P<step>\d+)\. )?(?P<title>.+)\n", re.MULTILINE)
FLAGS = re.compile(r'^FLAGS="(?:\$FLAGS )?(?P<words>.*)"', re.MULTILINE)
COUNTS = re.compile(r"  \w+ +\d+ +\d+ +\d+\b|\d+ deviations? in |(?:non)?conformant:? ")
NUMBER = re.compile(r" *\b(?:[2-9]|[1-9]\d+)\b")
RUN = re.compile(r"\$ ffi-cts (?P<words>run .+)\n(?P<output>(?:.*\n)*)")


@attrs.frozen
class Shown:
    """A command of the guide with the output that it shows, and the mistake that stands before."""

    words: tuple[str, ...]
    output: tuple[str, ...]
    removed: str = ""
    added: str = ""


@attrs.frozen
class Section:
    """A section of the guide; ``step`` is 0 where it is not one of the steps in C."""

    step: int
    title: str
    flags: tuple[str, ...]
    code: tuple[str, ...]
    runs: tuple[Shown, ...]


def section(step: int, title: str, text: str) -> Section:
    flags: list[str] = []
    code: list[str] = []
    runs: list[Shown] = []
    removed = added = ""
    for block in BLOCK.finditer(text):
        body = block["text"]
        if block["language"] in {"c", "rust"}:
            code.append(body)
        elif block["language"] == "diff":
            removed, added = (
                "".join(line[1:] for line in body.splitlines(keepends=True) if line[0] == sign)
                for sign in "-+"
            )
        elif found := RUN.fullmatch(body):
            words, output = shlex.split(found["words"]), found["output"].splitlines()
            runs.append(Shown(tuple(words), tuple(output), removed, added))
            removed = added = ""
        elif found := FLAGS.search(body):
            flags += shlex.split(found["words"])
    return Section(step, title, tuple(flags), tuple(code), tuple(runs))


def sections() -> list[Section]:
    """What stands before the first heading is one of them: the flags are there."""
    _, *parts = SECTION.split("\n## Before\n" + GUIDE.read_text(encoding="utf-8"))
    return [
        section(int(step or 0), title, text)
        for step, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


SECTIONS = sections()
STEPS = {part.step: part for part in SECTIONS if part.step}
IN_RUST = SECTIONS[-1]


@attrs.frozen
class Workshop:
    """Builds the steps; what was compiled once is linked again."""

    folder: Path

    @property
    def library(self) -> Path:
        """Where the guide has it, seen from the folder."""
        return self.folder / "build" / "libmine.so"

    def compiled(self, source: Path, text: str) -> Path:
        """The object file of a source that may have been changed."""
        made = self.folder / f"{source.stem}-{hash(text):x}.o"
        if not made.exists():
            copy = made.with_suffix(".c")
            copy.write_text(text, encoding="utf-8")
            _compile("-c", *SECTIONS[0].flags, f"-I{source.parent}", "-o", str(made), str(copy))
        return made

    def build(self, step: int, shown: Shown, *flags: str) -> None:
        """Build a step, with the mistake that stands before an output."""
        objects = []
        for number, source in enumerate(SOURCES[:step], 1):
            text = source.read_text(encoding="utf-8")
            if number == step and shown.removed:
                assert text.count(shown.removed) == 1, f"{source.name} has no {shown.removed}"
                text = text.replace(shown.removed, shown.added)
            objects.append(str(self.compiled(source, text)))
        self.library.parent.mkdir(exist_ok=True)
        self.library.unlink(missing_ok=True)
        _compile(*SECTIONS[0].flags, *flags, "-o", str(self.library), *objects)


def _compile(*words: str) -> None:
    include = [str(resource("include")) if word == "include" else word for word in words]
    subprocess.run([compiler(), *include], check=True)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("runtime"))


def whatever_the_count(line: str) -> str:
    """A line that counts checks fits however many there are: they become more every day."""
    return NUMBER.sub("*", line) if COUNTS.match(line) else line


def test_numbers_of_checks_may_grow() -> None:
    printed = "  layout   18    0   120   lacks TVMFFIErrorCreate, and 12 more"
    shown = "  layout   16    0    25   lacks TVMFFIErrorCreate, and 5 more"
    assert follows([whatever_the_count(shown)], [printed]) is None
    assert follows([whatever_the_count(shown)], [printed.replace(" 0 ", " 1 ")]) is not None
    assert (
        whatever_the_count("    stands    4 of 50 functions") == "    stands    4 of 50 functions"
    )


def judged(here: Here, workshop: Workshop, shown: Shown) -> int:
    """Run a command of the guide, hold what it shows to what it prints, and give its exit code."""
    run = here(*shown.words, cwd=workshop.folder)
    printed = run.stdout.splitlines()
    missing = follows(["…", *map(whatever_the_count, shown.output), "…"], printed)
    assert missing is None, f"not printed: {missing}\n{run.stdout}{run.stderr}"
    return run.returncode


def test_the_guide_has_each_step() -> None:
    assert [source.name[:2] for source in SOURCES] == [f"{step:02}" for step in STEPS]
    for step, source in enumerate(SOURCES, 1):
        assert f"({source.relative_to(ROOT)})".replace("(", "(../") in GUIDE.read_text("utf-8")
        assert 1 < len(source.read_text("utf-8").splitlines()) <= 170, source.name
        assert STEPS[step].runs, STEPS[step].title


def test_the_guide_shows_the_lines_of_the_examples() -> None:
    for part in SECTIONS:
        source = SOURCES[part.step - 1] if part.step else RUST
        for block in part.code:
            assert block in source.read_text(encoding="utf-8"), f"{source.name}:\n{block}"


def test_the_guide_names_clauses_that_there_are() -> None:
    from ffi_cts.abi import load

    known = set(load().clauses)
    named = re.findall(r"\b([A-Z]+(?:-[A-Z]+)+-)(\d\d)((?:, -\d\d)*)", GUIDE.read_text("utf-8"))
    ids = {prefix + n for prefix, first, more in named for n in (first, *re.findall(r"\d\d", more))}
    assert len(ids) > 60
    assert ids <= known, ids - known


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS, ids=[f"{s:02}" for s in STEPS])
def test_each_step_is_judged_as_the_guide_says(here: Here, workshop: Workshop, step: int) -> None:
    flags: tuple[str, ...] = ()
    for shown in STEPS[step].runs:
        whole = "--only" not in shown.words
        flags = STEPS[step].flags if whole else flags
        workshop.build(step, shown, *flags)
        code = judged(here, workshop, shown)
        assert shown.output, f"the guide shows nothing of {shown.words}"
        if step == len(STEPS):
            assert code == 0, "the last step is no conforming runtime"


@pytest.mark.slow
def test_the_skeleton_in_rust_holds(here: Here, workshop: Workshop) -> None:
    rustc = shutil.which("rustc") or shutil.which("rustc", path=str(Path.home() / ".cargo/bin"))
    if rustc is None:
        pytest.skip("there is no rustc on this machine")
    (command,) = re.findall(r"^rustc (.+)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    workshop.library.parent.mkdir(exist_ok=True)
    words = [str(RUST) if word.endswith("lib.rs") else word for word in shlex.split(command)]
    subprocess.run([rustc, *words], cwd=workshop.folder, check=True)
    (shown,) = IN_RUST.runs
    assert judged(here, workshop, shown) == 0
