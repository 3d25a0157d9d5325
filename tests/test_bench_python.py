# SPDX-License-Identifier: Apache-2.0
"""The Python layer of the benchmark: its driver's protocol, its operations, why one is skipped."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from attrs import frozen

from ffi_cts._paths import native_library, reference_library
from ffi_cts.bench.python.loops import loop, loop_out
from ffi_cts.bench.python.operations import OPERATIONS
from ffi_cts.selftest.variants import Builder, load_variants
from support.command import PACKAGES, SECONDS, uncounted

pytestmark = pytest.mark.slow

DRIVER = [sys.executable, "-m", "ffi_cts.bench.python.driver"]
NAMES = [operation.name for operation in OPERATIONS]
BINDINGS = [f"python.{way}_{n}" for way in ("ctypes", "cffi_abi", "cffi_api") for n in (0, 3)]

needs_compiler = pytest.mark.skipif(
    not (shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")),
    reason="there is no C compiler",
)
needs_valgrind = pytest.mark.skipif(not shutil.which("valgrind"), reason="there is no valgrind")


@frozen
class Told:
    """What a driver wrote: its lines in fields, its exit code, and stderr."""

    lines: list[list[str]]
    code: int
    errors: str

    def of(self, kind: str) -> dict[str, list[str]]:
        """Lines of one kind, by operation."""
        return {fields[1]: fields[2:] for fields in self.lines if fields[0] == kind}


class Driver:
    """Runs the driver with a cache of its own, as a parent process would."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        given = {"PYTHONPATH": PACKAGES, "FFI_CTS_CACHE": str(self.cache), "PYTHONHASHSEED": "0"}
        # Lines that are counted for coverage would be counted as instructions too.
        return uncounted(**{**given, **(changes or {})})

    def __call__(
        self,
        meter: str,
        library: Path,
        *ops: str,
        prefix: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Told:
        read_end, write_end = os.pipe()
        words = [*prefix, *DRIVER, meter, str(library), str(write_end), "2", "1e4", "0", *ops]
        with os.fdopen(read_end, encoding="utf-8") as lines:
            try:
                done = subprocess.run(
                    words,
                    pass_fds=(write_end,),
                    env=self.environment(env),
                    cwd=cwd,
                    capture_output=True,
                    text=True,
                    timeout=SECONDS,
                    check=False,
                )
            finally:
                os.close(write_end)
            told = [line.rstrip("\n").split("\t") for line in lines]
        return Told(told, done.returncode, done.stderr)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Driver:
    return Driver(tmp_path_factory.mktemp("bench-cache"))


def test_the_list_names_every_operation_once(driver: Driver) -> None:
    listed = subprocess.run(
        [*DRIVER, "list"], env=driver.environment(), capture_output=True, text=True, check=True
    )
    lines = [line.split("\t") for line in listed.stdout.splitlines()]
    assert [line[0] for line in lines] == NAMES
    assert len(set(NAMES)) == len(NAMES)
    for name, needs, flags, says in lines:
        assert re.fullmatch(r"python\.[a-z0-9_]+", name)
        assert says
        # What doesn't call the library needs nothing of it, and the other way round.
        assert (flags == "control") == (not needs)


def test_a_measurement_is_told_as_the_driver_of_the_c_layer_does(driver: Driver) -> None:
    told = driver("time", reference_library(), "python.ctypes_3=7", "python.cffi_abi_0=5")
    assert told.code == 0, told.errors
    names = ["python.ctypes_3", "python.cffi_abi_0"]
    begun = [["begin", name] for name in names]
    # Twice: once when it is prepared, once when it is measured.
    assert [line for line in told.lines if line[0] == "begin"] == begun * 2
    assert told.lines[-1] == ["end"]
    for name, n in zip(names, ("7", "5"), strict=True):
        given, *values = told.of("value")[name]
        assert given == n
        assert len(values) == 2
        assert all(float(value) > 0 for value in values)


@needs_compiler
def test_iterations_are_found_where_none_are_given(driver: Driver) -> None:
    told = driver("time", reference_library(), *BINDINGS, "python.floor_0", "python.floor_3")
    assert told.code == 0, told.errors
    assert len(told.of("value")) == len(BINDINGS) + 2, told.lines
    assert all(int(line[0]) >= 1 for line in told.of("value").values())


@pytest.mark.parametrize("name", ["pybind11", "nanobind", "numpy", "torch"])
def test_what_is_made_with_another_package_has_a_number_or_a_reason(
    driver: Driver, name: str
) -> None:
    ops = [op for op in NAMES if op.startswith(f"python.{name}_")]
    told = driver("time", reference_library(), *ops)
    assert told.code == 0, told.errors
    if importlib.util.find_spec(name) is None:
        assert all(name in told.of("skip")[op][0] for op in ops)
    else:
        assert set(told.of("value")) == set(ops), told.lines


@needs_compiler
@needs_valgrind
def test_counts_repeat_and_are_above_the_floor(driver: Driver, tmp_path: Path) -> None:
    ops = ["python.floor_3", "python.cffi_api_3", "python.ctypes_3"]
    first, second = (_counts(driver, ops, tmp_path / name) for name in ("one", "two"))
    assert first == second
    assert first["python.floor_3"] < first["python.cffi_api_3"] < first["python.ctypes_3"]
    assert 10 < first["python.floor_3"] < 1000


def _counts(driver: Driver, ops: Sequence[str], dump: Path) -> dict[str, float]:
    """Instructions per call, by what callgrind was told to dump."""
    valgrind = ["valgrind", "--tool=callgrind", "-q", "--instr-atstart=no", "--combine-dumps=yes"]
    prefix = [*valgrind, f"--callgrind-out-file={dump}"]
    told = driver("callgrind", reference_library(), *ops, prefix=prefix)
    assert told.code == 0, told.errors
    parts = re.findall(
        r"^desc: Trigger: Client Request: (\S+) (\d+)$.*?^summary: (\d+)$",
        dump.read_text(),
        re.MULTILINE | re.DOTALL,
    )
    totals = {(name, int(n)): int(total) for name, n, total in parts}
    counted = {name: int(n) for name, (n,) in told.of("counted").items()}
    return {name: (totals[name, n] - totals[name, 0]) / n for name, n in counted.items()}


def test_a_wrong_command_line_is_refused(driver: Driver) -> None:
    library = reference_library()
    assert driver("time", library).code == 2
    assert driver("weigh", library, "python.floor_0").code == 2
    told = driver("time", library, "python.floor_9")
    assert (told.code, told.lines) == (2, [])
    assert "no operation python.floor_9" in told.errors
    assert "'many' is no number" in driver("time", library, "python.floor_0=many").errors


def test_a_library_that_cannot_be_loaded_is_told(driver: Driver, tmp_path: Path) -> None:
    told = driver("time", tmp_path / "missing.so", "python.ctypes_0")
    assert (told.code, told.lines) == (5, [])
    assert "missing.so" in told.errors


def test_callgrind_is_refused_outside_of_valgrind(driver: Driver) -> None:
    told = driver("callgrind", reference_library(), "python.ctypes_0")
    assert (told.code, told.lines) == (4, [])
    assert "valgrind" in told.errors


def test_the_hardware_counter_is_left_to_the_c_layer(driver: Driver) -> None:
    told = driver("counter", reference_library(), "python.ctypes_0")
    assert told.code == 0
    assert "C layer" in told.of("skip")["python.ctypes_0"][0]


def test_a_function_that_the_library_lacks_is_named(driver: Driver) -> None:
    told = driver("time", native_library("native"), "python.ctypes_0", "python.tvm_ffi_3")
    assert told.code == 0
    reasons = [reason for (reason,) in told.of("skip").values()]
    assert reasons == ["the library lacks TVMFFIFunctionCall"] * 2


@needs_compiler
@pytest.mark.parametrize(
    ("mutant", "op"),
    [("call_runs_twice", "python.ctypes_0"), ("call_narrows_integers", "python.cffi_abi_3")],
)
def test_a_library_that_calls_wrongly_gets_no_number(
    driver: Driver, tmp_path: Path, mutant: str, op: str
) -> None:
    found = [variant for variant in load_variants() if variant.name == mutant]
    library = Builder(tmp_path, jobs=2).build(found)[mutant]
    told = driver("time", library, op)
    assert told.code == 0, told.errors
    assert [fields for fields in told.lines if op in fields][-1][0] == "wrong"
    assert told.of("value") == {}


def test_without_a_compiler_what_needs_one_is_skipped(driver: Driver, tmp_path: Path) -> None:
    told = driver(
        "time",
        reference_library(),
        *("python.floor_0", "python.floor_3", "python.ctypes_3", "python.cffi_api_3"),
        env={"PATH": str(tmp_path), "CC": "", "FFI_CTS_CACHE": str(tmp_path)},
    )
    assert told.code == 0, told.errors
    assert "no C compiler" in told.of("skip")["python.cffi_api_3"][0]
    assert {"python.floor_0", "python.floor_3", "python.ctypes_3"} == set(told.of("value"))


@needs_compiler
def test_a_compiler_that_fails_is_a_reason(driver: Driver, tmp_path: Path) -> None:
    compiler = tmp_path / "cc-that-fails"
    compiler.write_text("#!/bin/sh\necho 'fatal error: out of ink' >&2\nexit 1\n")
    compiler.chmod(0o755)
    told = driver("time", reference_library(), "python.cffi_api_0", env={"CC": str(compiler)})
    (reason,) = told.of("skip")["python.cffi_api_0"]
    assert "can't build cts_cffi: fatal error: out of ink" in reason


@needs_compiler
def test_a_cache_that_cannot_be_written_is_a_reason(driver: Driver) -> None:
    told = driver(
        "time", reference_library(), "python.cffi_api_0", env={"FFI_CTS_CACHE": "/dev/null/no"}
    )
    (reason,) = told.of("skip")["python.cffi_api_0"]
    assert "FFI_CTS_CACHE" in reason


@needs_compiler
def test_an_extension_is_built_once(driver: Driver, tmp_path: Path) -> None:
    env = {"FFI_CTS_CACHE": str(tmp_path)}
    driver("time", reference_library(), "python.cffi_api_0", env=env)
    (built,) = (tmp_path / "python").iterdir()
    before = built.stat().st_mtime_ns
    driver("time", reference_library(), "python.cffi_api_0", env=env)
    assert list((tmp_path / "python").iterdir()) == [built]
    assert built.stat().st_mtime_ns == before


def test_modules_of_the_working_folder_are_not_taken(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "platformdirs.py").write_text("raise SystemExit(9)\n")
    (tmp_path / "numpy.py").write_text("raise SystemExit(9)\n")
    ops = ("python.floor_0", "python.numpy_add")
    assert driver("time", reference_library(), *ops, cwd=tmp_path).code == 0


PACKAGE = """
import ctypes
from pathlib import Path
library = ctypes.CDLL(str(Path(__file__).parent / "lib" / {loads!r}))
class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t)]
class Slot(ctypes.Structure):
    _fields_ = [("index", ctypes.c_int64), ("value", ctypes.c_int64)]
class Function:
    def __init__(self, name):
        self.handle = ctypes.c_void_p()
        key = Bytes(name.encode(), len(name))
        library.TVMFFIFunctionGetGlobal(ctypes.byref(key), ctypes.byref(self.handle))
    def __call__(self, *args):
        slots = (Slot * 3)(*[(1, arg) for arg in args])
        result = Slot()
        assert not library.TVMFFIFunctionCall(self.handle, slots, len(args), ctypes.byref(result))
        return result.value if result.index else None
get_global_func = Function
"""


def _package(folder: Path, text: str = PACKAGE.format(loads="libtvm_ffi.so")) -> Path:
    """A package round the reference library, laid out as in a wheel. Gives its library."""
    root = folder / "tvm_ffi"
    (root / "lib").mkdir(parents=True)
    (root / "__init__.py").write_text(text)
    (root / f"core{EXTENSION_SUFFIXES[0]}").touch()
    return Path(shutil.copy(reference_library(), root / "lib" / "libtvm_ffi.so"))


def test_the_package_beside_the_library_is_measured(driver: Driver, tmp_path: Path) -> None:
    told = driver("time", _package(tmp_path), "python.tvm_ffi_0", "python.tvm_ffi_3")
    assert set(told.of("value")) == {"python.tvm_ffi_0", "python.tvm_ffi_3"}, told.lines


def test_a_package_that_loads_another_library_is_not(driver: Driver, tmp_path: Path) -> None:
    library = _package(tmp_path, PACKAGE.format(loads="other/libtvm_ffi.so"))
    (library.parent / "other").mkdir()
    shutil.copy(library, library.parent / "other")
    (reason,) = driver("time", library, "python.tvm_ffi_0").of("skip")["python.tvm_ffi_0"]
    assert "other/libtvm_ffi.so" in reason


def test_why_there_is_no_package_is_said(driver: Driver, tmp_path: Path) -> None:
    def reason(library: Path) -> str:
        return driver("time", library, "python.tvm_ffi_3").of("skip")["python.tvm_ffi_3"][0]

    assert "does not lie in" in reason(reference_library())
    library = _package(tmp_path, "import module_that_nobody_has")
    assert "No module named 'module_that_nobody_has'" in reason(library)
    (tmp_path / "tvm_ffi" / f"core{EXTENSION_SUFFIXES[0]}").rename(
        tmp_path / "tvm_ffi" / "core.cpython-27-pdp11.so"
    )
    assert "core.cpython-27-pdp11.so: not for Python" in reason(library)
    (tmp_path / "tvm_ffi" / "__init__.py").unlink()
    assert "lies alone" in reason(library)


def test_a_loop_calls_as_often_as_it_is_told() -> None:
    calls: list[tuple[object, ...]] = []

    def note(*args: object, out: object = None) -> None:
        calls.append((*args, out))

    for arguments in ((), (1,), (1, 2, 3), (1, 2, 3, 4)):
        calls.clear()
        loop(note, *arguments)(5)
        assert calls == [(*arguments, None)] * 5
    calls.clear()
    loop_out(note, 1, 2, 3)(2)
    assert calls == [(1, 2, 3)] * 2
