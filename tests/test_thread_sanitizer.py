# SPDX-License-Identifier: Apache-2.0
"""ThreadSanitizer watches threads that use the reference at once; it finds what is there."""

from __future__ import annotations

import platform
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import resource
from support.command import SECONDS

HERE = Path(__file__).parent
USES = HERE / "thread_sanitizer"
MUTANTS = HERE / "mutants"
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-fsanitize=thread", "-g", "-O1", "-w", "-pthread"]
REPORT = "WARNING: ThreadSanitizer: data race"

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc and its sanitizers")


@attrs.frozen
class Factory:
    """Builds the program of tests/thread_sanitizer from objects that its variants share."""

    folder: Path
    objects: dict[str, Path]

    def build(self, *replacing: Path) -> Path:
        """The program, linked with these sources instead of the reference's that they include."""
        program = self.folder / "-".join(["contended", *(source.stem for source in replacing)])
        included = {
            line.split('"')[1].removesuffix(".c")
            for source in replacing
            for line in source.read_text(encoding="utf-8").splitlines()
            if line.startswith('#include "') and line.endswith('.c"')
        }
        kept = [path for name, path in self.objects.items() if name not in included]
        compile_to(program, *kept, *replacing, "-ldl", "-lm")
        return program


def compile_to(output: Path, *arguments: Path | str) -> None:
    folders = [resource("include"), resource("native"), resource("reference_impl")]
    include = [word for folder in folders for word in ("-I", str(folder))]
    command = ["gcc", *FLAGS, *include, *map(str, arguments), "-o", str(output)]
    subprocess.run(command, check=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Factory:
    folder = tmp_path_factory.mktemp("thread_sanitizer")
    sources = [*resource("reference_impl").glob("*.c"), *resource("native").glob("*.c")]
    # Both have an init_once.c.
    objects = {f"{path.parent.name[:6]}/{path.stem}": path for path in sources}
    objects = {name.removeprefix("refere/"): path for name, path in objects.items()}
    objects["contended"] = USES / "contended.c"
    built = {name: folder / f"{name.replace('/', '_')}.o" for name in objects}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: compile_to(built[name], "-c", objects[name]), objects))
    return Factory(folder, built)


def watch(program: Path, use: str = "") -> subprocess.CompletedProcess[str]:
    """Run it under ThreadSanitizer, which knows few layouts of the address space."""
    fixed = ["setarch", platform.machine(), "-R"] if shutil.which("setarch") else []
    return subprocess.run(
        [*fixed, str(program), *([use] if use else [])],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env={"TSAN_OPTIONS": "halt_on_error=0:exitcode=66"},
    )


@pytest.mark.slow
def test_the_reference_has_no_race(factory: Factory) -> None:
    done = watch(factory.build())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 wrong") == 5
    assert REPORT not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("use", "flaw"),
    [
        ("attributes", USES / "attributes_published_plainly.c"),
        ("counts", MUTANTS / "incref_is_not_atomic.c"),
        ("globals", MUTANTS / "looked_up_functions_are_counted_without_atomics.c"),
    ],
)
def test_a_race_is_reported(factory: Factory, use: str, flaw: Path) -> None:
    done = watch(factory.build(flaw), use)
    assert REPORT in done.stderr, done.stdout + done.stderr
    assert done.returncode != 0
