# SPDX-License-Identifier: Apache-2.0
"""C programs that show a deviation: compiled, and run on the library and on the reference."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

from ffi_cts._paths import native_library, resource
from ffi_cts.programs import helpers, literals
from ffi_cts.programs.emit import Account, emit
from ffi_cts.programs.loops import rolled
from ffi_cts.programs.record import Step, Writer, read
from ffi_cts.selftest.variants import Builder, load_variants
from support.command import Command

HEADERS = ("tvm/ffi/c_api.h", "tvm/ffi/extra/c_env_api.h", "dlpack/dlpack.h")
SEEN, NOT_SEEN = 1, 0
SECONDS = 120

SHOWN = {
    "decref_crashes_on_null": ("refcount/decref::null_does_not_end_the_process", "crash"),
    "failure_returns_plus_one": (
        "errors/own_failures::failure_returns_minus_one[TypeKeyToIndex]",
        "code",
    ),
    "dtype_lanes_in_one_byte": ("DTYPE-FROM-02", "value"),
    "function_deletes_its_self_twice": (
        "functions/create::deleter_runs_once_when_the_last_reference_goes",
        "deletions",
    ),
    "raised_text_leaks": ("ERR-TEXT-03", "leak"),
}


@pytest.fixture(scope="module")
def include(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The names that public headers have, over the suite's own."""
    folder = tmp_path_factory.mktemp("include")
    for name in HEADERS:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'#include "{resource("include") / "ffi_cts" / "abi.h"}"\n')
    return folder


@pytest.fixture(scope="module")
def mutants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    chosen = [variant for variant in load_variants() if variant.name in SHOWN]
    return Builder(tmp_path_factory.mktemp("mutants"), jobs=2).build(chosen)


def compiled(source: Path, include: Path, library: Path, name: str) -> Path:
    """The program, with every warning an error."""
    program = source.with_name(name)
    subprocess.run(
        [
            *(shutil.which("cc") or "gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror"),
            *(str(source), "-I", str(include), str(library), f"-Wl,-rpath,{library.parent}"),
            *("-pthread", "-ldl", "-o", str(program)),
        ],
        check=True,
    )
    return program


@attrs.frozen
class Run:
    """How a program ended."""

    code: int
    output: str


def run(program: Path) -> Run:
    """Run it."""
    done = subprocess.run(
        [str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_a_program_shows_the_deviation(
    command: Command, mutants: dict[str, Path], include: Path, tmp_path: Path, name: str
) -> None:
    check, kind = SHOWN[name]
    source = tmp_path / "repro.c"
    done = command("reproduce", mutants[name], check, "-o", source, "--effort", "quick")
    assert done.returncode == 0, done.stderr
    text = source.read_text()
    assert "ffi_cts/" not in text  # no header of the suite
    mine = run(compiled(source, include, mutants[name], "mine"))
    if kind == "crash":
        assert mine.code < 0, mine.output
        assert mine.output.rstrip().endswith("TVMFFIObjectDecRef(NULL)")
    else:
        assert mine.code == SEEN, mine.output
        assert "expected" in mine.output
        assert mine.output.endswith("the deviation is seen\n")
    other = run(compiled(source, include, native_library("reference"), "other"))
    assert other.code == NOT_SEEN, other.output
    assert other.output.endswith("the deviation is not seen\n")


def test_a_check_that_passes_is_refused(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "repro.c"
    check = "refcount/decref::null_does_not_end_the_process"
    done = command("reproduce", "reference", check, "-o", file, "--effort", "quick")
    assert done.returncode == 2
    assert "shows no deviation" in done.stderr
    assert not file.exists()


def test_a_file_that_is_there_stays(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "repro.c"
    file.write_text("mine")
    done = command("reproduce", "reference", "REF-DEC-09", "-o", file)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert file.read_text() == "mine"


def test_no_check_of_that_name(command: Command, tmp_path: Path) -> None:
    done = command("reproduce", "reference", "no/such::check", "-o", tmp_path / "repro.c")
    assert done.returncode == 2
    assert "no check and no clause has such an id" in done.stderr


def test_a_record_that_ends_in_the_middle_is_read(tmp_path: Path) -> None:
    file = tmp_path / "steps"
    writer = Writer(file)
    writer.write(Step(kind="set", c="lost = 1;"))
    writer.begin()
    writer.write(Step(kind="call", c="f()", text="f()", frames=("a:1:1",)))
    with file.open("ab") as more:
        more.write(b'{"kind": "re')
    assert read(file) == [Step(kind="call", c="f()", text="f()", frames=("a:1:1",))]


def account(end: str, line: int = 5) -> Account:
    return Account(
        check="a/b::c",
        target="./lib.so",
        library="/x/lib.so",
        message="it is 2 */, where 1 is due",
        example="n = 1",
        end=end,
        frames=(f"f:{line}:1",),
    )


def test_what_is_not_used_is_left_out() -> None:
    steps = [
        Step(kind="new", name="value1", c="TVMFFIAny value1;"),
        Step(kind="new", name="value2", c="TVMFFIAny value2;"),
        Step(kind="set", name="value2", c="memset(&value2, 0, sizeof(value2));"),
        Step(kind="call", name="code1", type="int code1", c="TVMFFIFoo(&value1)", text="Foo"),
        Step(kind="check", c="code1 == 1", found="code1", due="== 1", outcome=False,
             type="signed", frames=("f:4:1",)),
    ]  # fmt: skip
    program = emit(steps, account("fail"), "repro.c")
    assert program.tells
    assert "value1" in program.text
    assert "value2" not in program.text
    assert "* /, where 1 is due" in program.text
    assert 'expected %s, got %lld\\n", "== 1"' in program.text


def test_the_command_that_compiles_it_stands_any_name() -> None:
    odd = attrs.evolve(account("crash"), library="/it's here/lib.so", target="a\x1b[31m\nb\udcff")
    text = emit([Step(kind="call", c="TVMFFIFoo()", text="Foo")], odd, "my repro.c").text
    comment = text[: text.index("*/")]
    line, more = comment.splitlines()[1:3]
    words = shlex.split(line.removeprefix(" * ").removesuffix("\\") + more.removeprefix(" * "))
    assert {"my repro.c", "/it's here/lib.so", "-Wl,-rpath,/it's here", "./my repro"} <= {*words}
    assert all(each.startswith(" *") for each in comment.splitlines()[1:-1])
    assert "\x1b" not in text
    text.encode()


def test_what_c_can_not_compare_is_left_to_the_suite() -> None:
    steps = [Step(kind="call", c="TVMFFIFoo()", text="Foo")]
    program = emit(steps, account("fail"), "repro.c")
    assert not program.tells
    assert "for the suite to judge" in program.text
    assert emit(steps, account("crash"), "repro.c").tells


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", '"plain"'),
        (b'a"b\\', '"a\\"b\\\\"'),
        (b"\x001", '"\\0001"'),
        (b"??/\xff", '"\\?\\?/\\377"'),
        (b"", '""'),
    ],
)
def test_bytes_are_a_string_literal(content: bytes, text: str) -> None:
    assert literals.string(content) == text


def test_numbers_are_literals() -> None:
    assert literals.integer(-(2**63)) == "INT64_MIN"
    assert literals.integer(2**64 - 1) == "0xffffffffffffffffu"
    assert literals.integer(-1) == "-1"
    assert literals.floating(float("nan")) == "(double)NAN"


def test_a_helper_brings_what_it_needs_and_no_more() -> None:
    text = "\n".join(helpers.needed(["cts_foreign_new"]))
    assert "static TVMFFIObjectHandle cts_foreign_new" in text
    assert "cts_weak_decref" in text
    assert "cts_guarded_bytes" not in text


def repeated(number: int) -> list[Step]:
    """A turn of something that a check does again and again."""
    return [
        Step(kind="call", name=f"code{number}", type=f"int code{number}", c="f(&x)", text="f"),
        Step(kind="check", c=f"code{number} == 0", due="== 0"),
    ]


def test_what_repeats_is_a_loop() -> None:
    steps = [step for number in range(1, 11) for step in repeated(number)]
    (loop,) = rolled(steps)
    assert (loop.turns, loop.steps) == (10, steps[:2])
    text = emit(steps, account("crash"), "repro.c").text
    assert text.count("f(&x)") == 1
    assert "turn < 10" in text


def test_a_turn_that_is_needed_later_stays_outside() -> None:
    steps = [step for number in range(1, 11) for step in repeated(number)]
    steps.append(Step(kind="call", c="g(code10)", text="g"))
    assert [loop.turns for loop in rolled(steps)] == [9, 1, 1, 1]


def test_turns_that_differ_are_no_loop() -> None:
    steps = [Step(kind="call", c=f"f({number * number})", text="f") for number in range(10)]
    assert all(loop.turns == 1 for loop in rolled(steps))
