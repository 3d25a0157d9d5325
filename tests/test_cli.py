# SPDX-License-Identifier: Apache-2.0
"""The command line as its users, and their enemies, use it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ffi_cts._paths import reference_library
from ffi_cts.errors import UsageError
from ffi_cts.library.targets import resolve
from support.command import PACKAGES, Command, Here
from support.processes import processes_of, wait_until
from support.users import shared_folder, without_privileges

CREATE = "functions/create::deleter_runs_once_when_the_last_reference_goes"
STREAM = "streams/bad_device::impossible_device_does_not_end_the_process"
QUICK = ("--effort", "quick", "--only", CREATE)
COMMANDS = [
    (),
    ("run",),
    ("report",),
    ("releases",),
    ("selftest",),
    ("spec",),
    *((("spec", name)) for name in ("list", "show", "generate", "lint")),
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The reference implementation at a path of its own."""
    folder = tmp_path / "library"
    folder.mkdir()
    return Path(shutil.copy2(reference_library(), folder / "libmine.so"))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to stand in, which must stay empty."""
    folder = tmp_path / "empty"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def refused(run: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Exit code 2 and one paragraph on standard error that has the parts."""
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    (paragraph,) = [line for line in run.stderr.splitlines() if line.startswith("ffi-cts: ")]
    for part in parts:
        assert part in paragraph
    assert len(paragraph) < 1500


# Help.


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help(here: Here, words: tuple[str, ...], empty: Path) -> None:
    run = here(*words, "--help", cwd=empty)
    assert run.returncode == 0
    assert run.stdout.startswith("Usage: ffi-cts")
    assert run.stderr == ""


def test_help_names_every_option_that_others_script_against(here: Here) -> None:
    text = here("run", "--help").stdout
    for option in (
        *("--json", "--junit", "--markdown", "--only", "--profile", "--effort", "--seed"),
        *("--jobs", "--timeout-scale", "--expect", "--strict", "--include", "--against"),
    ):
        assert option in text
    assert [line[2:5] for line in here("--help").stdout.splitlines() if line[:5].strip()][-5:] == [
        f"  {code}" for code in range(5)
    ]


def test_help_loads_nothing_heavy() -> None:
    script = """
import sys
import ffi_cts
import ffi_cts.__main__
sys.argv = ["ffi-cts", "run", "--help"]
try:
    ffi_cts.__main__.main()
except SystemExit:
    heavy = {"pytest", "_pytest", "hypothesis", "cffi", "rich", "jinja2", "jsonschema", "elftools"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": PACKAGES},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]\n"


def test_version(here: Here) -> None:
    assert here("--version").stdout.startswith("ffi-cts, version ")


# Bad targets.


def build(folder: Path, source: str, *flags: str, name: str = "libmine.so") -> Path:
    (folder / "source.c").write_text(source)
    words = ["gcc", "-shared", "-fPIC", *flags, "-o", name, "source.c"]
    subprocess.run(words, cwd=folder, check=True)
    (folder / "source.c").unlink()
    return folder / name


def other_machine(library: Path) -> None:
    data = bytearray(library.read_bytes())
    data[18:20] = (8).to_bytes(2, "little")  # e_machine: MIPS
    library.write_bytes(data)


def other_word_size(library: Path) -> None:
    data = bytearray(library.read_bytes())
    data[4] = 1  # EI_CLASS: 32 bits
    library.write_bytes(data)


def directory(library: Path) -> None:
    library.unlink()
    library.mkdir()


def pipe(library: Path) -> None:
    library.unlink()
    os.mkfifo(library)


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda library: library.unlink(), "there is no such file"),
    "directory": (directory, "is a directory"),
    "text": (lambda library: library.write_text("hello\n"), "looks like a text file"),
    "empty": (lambda library: library.write_bytes(b""), "looks like an empty file"),
    "truncated": (
        lambda library: library.write_bytes(library.read_bytes()[:5000]),
        "truncated or damaged",
    ),
    "header only": (
        lambda library: library.write_bytes(library.read_bytes()[:40]),
        "truncated or damaged",
    ),
    "other machine": (other_machine, "is built for mips"),
    "other word size": (other_word_size, "32 bits"),
    "pipe": (pipe, "is not a regular file"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_no_library(here: Here, library: Path, empty: Path, name: str) -> None:
    spoil, reason = SPOILT[name]
    spoil(library)
    refused(here("run", library, cwd=empty), str(library), reason)


def test_a_library_without_read_permission(library: Path) -> None:
    with shared_folder() as folder:
        file = Path(shutil.copy(library, folder))
        file.chmod(0)

        def check() -> None:
            with pytest.raises(UsageError, match="ermission"):
                resolve(str(file))

        without_privileges(check)


def test_a_library_of_something_else(here: Here, tmp_path: Path, empty: Path) -> None:
    library = build(tmp_path, "double cosine(double x) { return x; }")
    refused(here("run", library, cwd=empty), "exports no TVMFFI* function")


def test_a_module_is_no_implementation(here: Here, tmp_path: Path, empty: Path) -> None:
    source = """
        int TVMFFIFunctionCall(void);
        int __tvm_ffi_add(void) { return TVMFFIFunctionCall(); }
    """
    library = build(tmp_path, source)
    refused(here("run", library, cwd=empty), "is a module", "libtvm_ffi.so")


def test_a_library_that_lacks_another(command: Command, tmp_path: Path, empty: Path) -> None:
    build(tmp_path, "int helper(void) { return 0; }", name="libhelper.so")
    library = build(
        tmp_path,
        "int helper(void); int TVMFFIGetVersion(void) { return helper(); }",
        "-Wl,--no-as-needed",
        f"-L{tmp_path}",
        "-lhelper",
    )
    (tmp_path / "libhelper.so").unlink()
    refused(command("run", library, cwd=empty), "dynamic loader refuses it", "libhelper.so")


def test_unknown_names_get_suggestions(here: Here, empty: Path) -> None:
    refused(here("run", "apache-tvm-ffi==0.1.99", cwd=empty), "Near it:", "0.1.9")
    refused(here("run", "apache-tvm-ffi>=9", cwd=empty), "No release fits", "The newest is")
    refused(here("run", "apache-tvm-ffi>=", cwd=empty), "can't be understood as a range")
    refused(here("run", "tvm-ffy", cwd=empty), "no target", "reference")
    refused(here("run", "", cwd=empty), "no target")


def test_releases_are_listed(here: Here, tmp_path: Path) -> None:
    text = here("releases").stdout
    assert "\n0.1.15.post2 " in text
    assert "\n0.1.15 " not in text
    assert "21 releases, 0 cached" in text
    assert "withdrawn" in here("releases", "--all").stdout
    names = here("releases", "apache-tvm-ffi<0.1.2", "-q").stdout
    assert names == "apache-tvm-ffi==0.1.0\napache-tvm-ffi==0.1.1\n"
    here("releases", "--json", tmp_path / "r.json")
    data = json.loads((tmp_path / "r.json").read_text())
    new = [name for release in data["releases"] for name in release["symbols_added"]]
    assert len(new) == len(set(new))
    assert "TVMFFIErrorCreateWithCauseAndExtraContext" in new  # a withdrawn release brought it
    refused(here("releases", "reference"), "'reference' is no range of releases")
    refused(here("releases", "apache-tvm-ffi>=9"), "No release fits")


OFFLINE = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_NO_INDEX": "",
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
    "PIP_CONFIG_FILE": os.devnull,
    "no_proxy": "*",
}


def test_no_network_for_a_release(command: Command, tmp_path: Path, empty: Path) -> None:
    cache = tmp_path / "new-cache"
    env = {**OFFLINE, "FFI_CTS_CACHE": str(cache)}
    run = command("run", "apache-tvm-ffi==0.1.7", cwd=empty, env=env)
    refused(run, "Can't download apache-tvm-ffi==0.1.7", "pip download")
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_a_cache_that_cannot_be_written(command: Command, tmp_path: Path, empty: Path) -> None:
    (tmp_path / "file").touch()
    env = {**OFFLINE, "FFI_CTS_CACHE": str(tmp_path / "file" / "cache")}
    run = command("run", "apache-tvm-ffi==0.1.7", cwd=empty, env=env)
    refused(run, "Can't write to the cache folder", "FFI_CTS_CACHE")
    run = command("run", "reference", *QUICK, cwd=empty, env=env)
    assert run.returncode == 0, run.stderr


# Bad options.


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[expect]\n", "line 1"),
        ("[[expect]]\ncheck = 1\n", "check"),
        ("[[expect]]\ncheck = 'x'\n", "outcome"),
        (b"\xff\xfe", ""),
        (None, "is a directory"),
        ("missing", "no expectation file"),
    ],
    ids=["syntax", "type", "key", "encoding", "directory", "missing"],
)
def test_bad_expectation_files(
    here: Here, tmp_path: Path, empty: Path, text: str | bytes | None, reason: str
) -> None:
    file = tmp_path / "expect.toml"
    if text is None:
        file.mkdir()
    elif text != "missing":
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    run = here("run", "reference", "--expect", file, cwd=empty)
    refused(run, str(file))
    assert reason.lower() in run.stderr.lower()


@pytest.mark.parametrize(
    ("option", "place"),
    [("--json", "no/such/folder/file"), ("--junit", "."), ("--markdown", "/proc/file")],
)
def test_an_unwritable_report_is_found_before_the_run(
    here: Here, hostile: dict[str, Path], empty: Path, option: str, place: str
) -> None:
    # Had the run begun, this library would have been complained about.
    run = here("run", hostile["constructor_crashes"], option, place, cwd=empty)
    refused(run, "can't be written", place)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--only", "NO-SUCH-01"), "--only NO-SUCH-01: no check and no clause"),
        (("--only", ""), "--only '': no check and no clause"),
        (("--only", "FUNC-*", "--only", "zzz*"), "--only 'zzz*'"),
        (("--profile", "core,kernel"), "there is no such profile"),
        (("--include", "nowhere"), "not a directory"),
        (("--include", "."), "neither tvm/ffi/c_api.h nor ffi_cts/abi.h"),
        (("--against", "./nowhere.so"), "there is no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_options_that_name_nothing(
    command: Command, empty: Path, arguments: tuple[str, ...], reason: str
) -> None:
    run = command("run", "reference", *arguments, cwd=empty)
    run.stderr = "".join(
        line for line in run.stderr.splitlines(keepends=True) if not line.startswith("running ")
    )
    refused(run, reason)


def test_a_second_library_that_cannot_be_loaded(
    command: Command, hostile: dict[str, Path], empty: Path
) -> None:
    run = command("run", "reference", "--against", hostile["constructor_crashes"], cwd=empty)
    refused(run, "constructors", str(hostile["constructor_crashes"]))


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--timeout-scale", value) for value in ("0", "-1", "nan", "inf", "much")),
        ("--effort", "heroic"),
        ("--jobs", "-1"),
        ("--seed", "x"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_options_with_bad_values(here: Here, empty: Path, arguments: tuple[str, ...]) -> None:
    for words in (("run", "reference", *arguments), ("selftest", *arguments)):
        if words == ("selftest", "--seed", "x"):
            continue
        run = here(*words, cwd=empty)
        assert run.returncode == 2
        assert run.stderr.startswith("Usage: ffi-cts")
        assert "Traceback" not in run.stderr


def test_a_broken_report(here: Here, tmp_path: Path, empty: Path) -> None:
    file = tmp_path / "report.json"
    refused(here("report", file, cwd=empty), "Can't read the report")
    for text in ("", "{", "[]", '{"schema": 1}', '{"schema": 99}', "[" * 100_000):
        file.write_text(text)
        refused(here("report", file, cwd=empty), str(file))


# Where reports go.


def same_place(folder: Path, how: str) -> tuple[Path, Path]:
    """Two names of one file that is not to be written twice."""
    one, other = folder / "one", folder / "other"
    if how == "link to nothing":
        other.symlink_to(one)
    elif how == "link":
        one.touch()
        other.symlink_to("one")
    elif how == "hard link":
        one.touch()
        os.link(one, other)
    elif how == "folder":
        (folder / "folder").symlink_to(folder)
        other = folder / "folder" / "one"
    else:
        other = one
    return one, other


@pytest.mark.parametrize("how", ["name", "link", "link to nothing", "hard link", "folder"])
def test_two_reports_in_one_file_are_refused(
    here: Here, tmp_path: Path, empty: Path, how: str
) -> None:
    one, other = same_place(tmp_path, how)
    run = here("run", "reference", "--json", one, "--junit", other, cwd=empty)
    refused(run, "--json and --junit are the same file")
    assert not one.exists() or one.read_bytes() == b""


def test_relative_names_of_one_file_are_refused(here: Here, tmp_path: Path) -> None:
    run = here(
        *("run", "reference", "--markdown", "x", "--junit", tmp_path / ".." / tmp_path.name / "x"),
        cwd=tmp_path,
    )
    refused(run, "--junit and --markdown are the same file")


@pytest.mark.parametrize("command_name", ["run", "report", "bench", "compare"])
def test_an_output_never_destroys_an_input(
    here: Here, tmp_path: Path, library: Path, empty: Path, command_name: str
) -> None:
    before = library.read_bytes()
    words = {
        "run": ("run", library, "--json", library),
        "report": ("report", library, "--junit", library),
        "bench": ("bench", library, "--markdown", library),
        "compare": ("compare", "reference", library, "--plot", library),
    }[command_name]
    refused(here(*words, cwd=empty), "would overwrite", str(library))
    assert library.read_bytes() == before


def test_nobody_minds_what_is_thrown_away(command: Command, empty: Path) -> None:
    run = command(
        *("run", "reference", *QUICK, "--json", os.devnull, "--junit", os.devnull), cwd=empty
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("quiet", [False, True])
def test_a_report_on_standard_output_stands_there_alone(
    command: Command, empty: Path, schema: Callable[[object], None], quiet: bool
) -> None:
    run = command("run", "reference", *QUICK, "--json", "-", *["-q"] * quiet, cwd=empty)
    assert run.returncode == 0
    schema(json.loads(run.stdout))
    assert "conformant" in run.stderr


def test_only_one_report_fits_on_standard_output(here: Here, empty: Path) -> None:
    run = here("run", "reference", "--json", "-", "--junit", "-", cwd=empty)
    refused(run, "--json and --junit are the same file, -")


def test_a_file_may_be_called_by_a_dash(command: Command, tmp_path: Path) -> None:
    run = command("run", "reference", *QUICK, "--json", "./-", cwd=tmp_path)
    assert run.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["-"]


@pytest.mark.parametrize("source", ["pipe", "/dev/zero"])
def test_a_report_that_is_no_file_is_not_waited_for(
    here: Here, tmp_path: Path, empty: Path, source: str
) -> None:
    if source == "pipe":
        os.mkfifo(tmp_path / source)
    refused(here("report", tmp_path / source, cwd=empty), "not a regular file")


# What the world does to a run.


@pytest.mark.slow
def test_a_full_disk_loses_the_report_but_not_the_verdict(command: Command, empty: Path) -> None:
    run = command("run", "reference", *QUICK, "--json", "/dev/full", cwd=empty)
    assert run.returncode == 3
    assert "conformant" in run.stdout
    assert "can't be written to /dev/full: No space left" in run.stderr
    assert "Make room there" in run.stderr
    with Path("/dev/full").open("w") as full:
        run = command("run", "reference", *QUICK, cwd=empty, stdout=full)
    assert run.returncode == 3
    assert "ffi-cts: standard output can't be written to: No space left" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_reader_that_goes_away_changes_nothing(
    command: Command, hostile: dict[str, Path]
) -> None:
    for arguments, code in (
        (("run", "reference", *QUICK), 0),
        (("run", hostile["aborts"], *QUICK), 1),
        (("spec", "list"), 0),
    ):
        read_end, write_end = os.pipe()
        os.close(read_end)
        run = command(*arguments, stdout=write_end)
        os.close(write_end)
        assert run.returncode == code
        assert "Traceback" not in run.stderr
        assert "roken pipe" not in run.stderr


@pytest.mark.slow
def test_no_standard_streams_at_all(command: Command) -> None:
    script = f'exec "{sys.executable}" -m ffi_cts run reference --effort quick <&- >&- 2>&-'
    done = subprocess.run(["sh", "-c", script], env=command.environment(), check=False)
    assert done.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}])
def test_a_terminal_without_unicode(
    command: Command, hostile: dict[str, Path], changes: dict[str, str]
) -> None:
    env = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", **changes}
    run = command("run", hostile["floods_stderr"], *QUICK, env=env)
    assert run.returncode == 1
    assert "nonconformant" in run.stdout
    assert "Traceback" not in run.stderr
    assert command("spec", "list", env=env).returncode == 0


@pytest.mark.slow
def test_a_folder_with_hostile_settings_changes_no_verdict(
    command: Command, tmp_path: Path, library: Path, schema: Callable[[object], None]
) -> None:
    folder = tmp_path / "trap"
    folder.mkdir()
    settings = "addopts = -x -k nothing --strict\ntestpaths = nowhere\npython_files = x_*.py\n"
    (folder / "pytest.ini").write_text(f"[pytest]\n{settings}")
    (folder / "tox.ini").write_text(f"[pytest]\n{settings}")
    (folder / "conftest.py").write_text("raise SystemExit('sprung')\n")
    (folder / "trap.py").write_text("raise SystemExit('sprung')\n")
    before = sorted(folder.iterdir())
    env = {
        "PYTEST_ADDOPTS": "-x --collect-only",
        "PYTEST_PLUGINS": "trap",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = command("run", library, *QUICK, "--json", tmp_path / "r.json", cwd=folder, env=env)
    assert run.returncode == 0, run.stderr
    report = json.loads((tmp_path / "r.json").read_text())
    schema(report)
    assert report["summary"]["pass"] == len(report["checks"]) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(command: Command, library: Path) -> None:
    run = command("run", library, *QUICK, cwd=Path("/proc"))
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
@pytest.mark.parametrize("replace", [False, True], ids=["removed", "replaced"])
def test_a_library_that_changes_during_the_run(
    command: Command,
    library: Path,
    hostile: dict[str, Path],
    tmp_path: Path,
    schema: Callable[[object], None],
    replace: bool,
) -> None:
    shutil.copy2(hostile["deadlocks"], library)
    file = tmp_path / "report.json"
    arguments: list[str | Path] = ["run", library, *QUICK, "--json", file]
    arguments += ["--timeout-scale", "0.1"]
    process = command.start(arguments)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("running 1 check,")
    if replace:
        shutil.copy2(reference_library(), tmp_path / "new.so")
        (tmp_path / "new.so").rename(library)
    else:
        library.unlink()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "was replaced or removed while it was judged" in out
    assert "Traceback" not in err
    report = json.loads(file.read_text())
    schema(report)
    assert report["verdict"] == "incomplete"
    assert {check["status"] for check in report["checks"]} == {"lost"}
    assert report["findings"][-1]["id"] == "library-changed"


# Ending it early.


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_leaves_a_valid_partial_report(
    command: Command,
    hostile: dict[str, Path],
    tmp_path: Path,
    schema: Callable[[object], None],
    number: signal.Signals,
) -> None:
    file, scratch = tmp_path / "report.json", tmp_path / "scratch"
    scratch.mkdir()
    library = hostile["deadlocks"]
    # One job: what comes after the check that hangs can't have been finished.
    arguments: list[str | Path] = ["run", library, "--json", file]
    arguments += ["--effort", "quick", "--jobs", "1"]
    arguments += ["--only", CREATE, "--only", STREAM]
    process = command.start(arguments, env={"TMPDIR": str(scratch)})
    wait_until(lambda: _in_create(library, process.pid))
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    assert "incomplete" in out
    report = json.loads(file.read_text())
    schema(report)
    assert report["verdict"] == "incomplete"
    assert report["run"]["interrupted"]
    assert {check["status"] for check in report["checks"]} == {"lost"}
    assert processes_of(library) == []
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "scratch"]
    assert command("report", file).returncode == 3


def _in_create(library: Path, parent: int) -> bool:
    """Whether a child of the command has loaded the library and waits in it."""
    for pid in processes_of(library):
        try:
            loaded = str(library) in Path(f"/proc/{pid}/maps").read_text()
            waits = "futex" in Path(f"/proc/{pid}/wchan").read_text()
        except OSError:
            continue
        if pid != parent and loaded and waits:
            return True
    return False


@pytest.mark.slow
def test_an_interrupt_while_the_library_loads(
    command: Command, hostile: dict[str, Path], tmp_path: Path
) -> None:
    library = hostile["constructor_hangs"]
    process = command.start(["run", library], env={"TMPDIR": str(tmp_path)})
    # The command, its foreman, and the child in which the constructor hangs.
    wait_until(lambda: len(processes_of(library)) == 3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "ffi-cts: interrupted." in err
    assert "Traceback" not in err
    assert processes_of(library) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_run_takes_its_children_along(
    command: Command, hostile: dict[str, Path], tmp_path: Path
) -> None:
    library = hostile["deadlocks"]
    process = command.start(["run", library, *QUICK], env={"TMPDIR": str(tmp_path)})
    wait_until(lambda: _in_create(library, process.pid))
    process.kill()
    process.communicate(timeout=60)
    wait_until(lambda: processes_of(library) == [])


# Working with a run.


@pytest.mark.slow
def test_the_checks_of_a_run_can_be_listed(command: Command, empty: Path) -> None:
    run = command("run", "reference", "--list", "--only", CREATE, cwd=empty)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"{CREATE}  [must] FUNC-CREATE-04  core\n"
    refused(command("run", "reference", "--list", "--only", "zzz*", cwd=empty), "--only 'zzz*'")


@pytest.mark.slow
def test_a_run_stops_after_the_first_deviation_and_the_next_begins_with_it(
    command: Command, hostile: dict[str, Path], tmp_path: Path, empty: Path
) -> None:
    report = tmp_path / "r.json"
    words = ("run", hostile["aborts"], "--effort", "quick", "--jobs", "1")
    # What failed last is kept there, and other tests judge the same library.
    env = {"FFI_CTS_CACHE": str(tmp_path / "cache")}
    globs = ("--only", "functions/create::*")
    run = command(*words, *globs, "-x", "--json", report, "--oneline", cwd=empty, env=env)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1].startswith("nonconformant: 1 MUST check deviates")
    assert "the run stopped there" in run.stdout
    data = json.loads(report.read_text())
    (failed,) = [check for check in data["checks"] if check["status"] == "crash"]
    assert (data["run"]["stopped"], data["run"]["partial"]) == (True, True)
    again = command(*words, "--last-failed", "--durations", "1", "--oneline", cwd=empty, env=env)
    assert [line.split()[1] for line in again.stdout.splitlines() if line[:5] == "crash"] == [
        failed["id"]
    ]
    assert "The 1 slowest checks" in again.stdout
