# SPDX-License-Identifier: Apache-2.0
"""Extension modules of the Python layer, compiled once and kept in the user's cache.

`python -m ffi_cts.bench.python.extensions NAME` builds one. `load` runs that as a process of its
own: under valgrind a process that is started runs at full speed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from ffi_cts._paths import resource
from ffi_cts.bench.meters.surroundings import environment
from ffi_cts.bench.python.reasons import Unavailable

SOURCES = resource("native") / "python"
SUFFIX = EXTENSION_SUFFIXES[0]

_SECONDS = 120
_COMPILERS = {".c": ("CC", "cc", "gcc", "clang"), ".cpp": ("CXX", "c++", "g++", "clang++")}
_ABI = "ffi_cts/abi.h"
_LANGUAGE = {".c": "C", ".cpp": "C++"}
# What a user's compiler warns of in foreign headers is nothing that the user can change.
_FLAGS = ("-O2", "-DNDEBUG", "-fPIC", "-shared", "-fvisibility=hidden", "-w")
_STANDARD = {".c": "-std=gnu11", ".cpp": "-std=c++17"}


@dataclass(frozen=True)
class Extension:
    """A module of one source file, and the package from PyPI that it is made with.

    Paths are relative to the package's folder: `version` is a file that states its version,
    `includes` are folders, `sources` are files that are compiled in.
    """

    source: str
    package: str = ""
    version: str = ""
    includes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where the source lies."""
        return SOURCES / self.source


EXTENSIONS = {
    "cts_floor": Extension("cts_floor.c"),
    "cts_cffi": Extension("cts_cffi.c", "cffi", "__init__.py"),
    "cts_pybind11": Extension(
        "cts_pybind11.cpp", "pybind11", "include/pybind11/detail/common.h", ("include",)
    ),
    "cts_nanobind": Extension(
        "cts_nanobind.cpp",
        "nanobind",
        "include/nanobind/nanobind.h",
        ("include", "ext/robin_map/include"),
        ("src/nb_combined.cpp",),
    ),
}


def load(name: str) -> ModuleType:
    """Import the extension `name`, building it first where the cache lacks it.

    Raises:
        Unavailable: a package, a compiler or a header is missing, or the build fails.
    """
    path = _cached(name)
    if not path.exists():
        _have_built(name)
    spec = spec_from_file_location(name, path, loader=ExtensionFileLoader(name, str(path)))
    assert spec is not None and spec.loader is not None
    try:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError as error:
        raise Unavailable(f"{path} can't be imported: {error}.", "Remove that file.") from error
    return module


def _have_built(name: str) -> None:
    # Imported where it is needed: a driver that finds everything built starts sooner without.
    from ffi_cts.engine import program

    ending = program.run(
        [sys.executable, "-m", "ffi_cts.bench.python.extensions", name], env=environment()
    )
    if not ending.succeeded:
        said = ending.output.strip() or ending.last_words() or f"building {name}: {ending.how}"
        raise Unavailable(said)


def build(name: str) -> Path:
    """Compile the extension `name` into the cache. It appears there whole or not at all.

    Raises:
        Unavailable: as for `load`.
    """
    final = _cached(name)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".build-", dir=final.parent) as folder:
            made = Path(folder) / final.name
            _compile(name, made)
            made.replace(final)
    except OSError as error:
        raise Unavailable(
            f"{name} can't be put into the cache: {error}.",
            "Set FFI_CTS_CACHE to a folder that can be written.",
        ) from error
    return final


def _cached(name: str) -> Path:
    """Where the extension belongs: under a name that changes with everything it depends on."""
    extension = EXTENSIONS[name]
    parts = [sys.version.encode(), SUFFIX.encode(), _compiler_state(extension)]
    parts += [file.read_bytes() for file in sorted(SOURCES.glob(f"{name}.*"))]
    if extension.package:
        parts.append((_package(extension) / extension.version).read_bytes())
    parts += [repr((_FLAGS, _STANDARD)).encode(), (resource("include") / _ABI).read_bytes()]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:20]
    return cache_folder() / f"{name}-{digest}{SUFFIX}"


def cache_folder() -> Path:
    """Folder of the compiled extensions, in the same cache as the releases."""
    # As ffi_cts.library.fetch does it, whose import would take longer than the whole driver.
    import platformdirs

    root = os.environ.get("FFI_CTS_CACHE") or platformdirs.user_cache_dir("ffi-cts")
    return Path(root).absolute() / "python"


def _compiler_state(extension: Extension) -> bytes:
    path = Path(_compiler(extension)).resolve()
    state = path.stat()
    return f"{path} {state.st_size} {state.st_mtime_ns}".encode()


def _compiler(extension: Extension) -> str:
    variable, *usual = _COMPILERS[extension.path.suffix]
    for name in (os.environ.get(variable), *usual):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise Unavailable(
        f"There is no {_LANGUAGE[extension.path.suffix]} compiler on the PATH.",
        f"Install gcc or clang, or set {variable}.",
    )


def _package(extension: Extension) -> Path:
    """Folder of the package that the extension is made with; it isn't imported."""
    spec = find_spec(extension.package)
    if spec is None or spec.origin is None:
        raise Unavailable(
            f"{extension.package} is not installed.", f"pip install {extension.package}"
        )
    folder = Path(spec.origin).parent
    if not (folder / extension.version).is_file():
        raise Unavailable(
            f"{extension.package} in {folder} lacks {extension.version}.",
            f"pip install --force-reinstall {extension.package}",
        )
    return folder


def _compile(name: str, output: Path) -> None:
    extension = EXTENSIONS[name]
    python = Path(sysconfig.get_paths()["include"])
    if not (python / "Python.h").is_file():
        raise Unavailable(
            f"Python's headers are missing: there is no {python / 'Python.h'}.",
            "Install them (for instance python3-dev).",
        )
    sources, includes = [extension.path], [python, resource("include")]
    if name == "cts_cffi":
        sources = [_generate(output.parent)]
    elif extension.package:
        folder = _package(extension)
        sources += [folder / source for source in extension.sources]
        includes += [folder / include for include in extension.includes]
    suffix = extension.path.suffix
    flags = [*_FLAGS, _STANDARD[suffix], "-fno-strict-aliasing"]
    searched = [word for include in includes for word in ("-I", str(include))]
    _run([_compiler(extension), *flags, *searched, *map(str, sources), "-o", str(output)], name)


def _generate(folder: Path) -> Path:
    """Have cffi write the C source of the extension in API mode."""
    import cffi

    builder = cffi.FFI()
    builder.cdef((SOURCES / "cts_cffi.h").read_text(encoding="utf-8"))
    builder.set_source("cts_cffi", (SOURCES / "cts_cffi.c").read_text(encoding="utf-8"))
    path = folder / "cts_cffi_generated.c"
    with redirect_stdout(sys.stderr):  # it chats, and stdout is for the reason of a failure
        builder.emit_c_code(str(path))
    return path


def _run(command: Sequence[str], name: str) -> None:
    from ffi_cts.engine import program

    ending = program.run(command, seconds=_SECONDS)
    match ending.how:
        case program.Exited(0):
            return
        case program.TimedOut(seconds):
            raise Unavailable(
                f"{command[0]} did not build {name} within {seconds:g} seconds.", "Try again."
            )
        case program.Exited() if ending.errors.strip():
            lines = ending.errors.splitlines()
            said = next((line for line in lines if "error" in line), lines[-1])
        case how:
            said = str(how)
    raise Unavailable(f"{command[0]} can't build {name}: {said}")


def main(arguments: Sequence[str]) -> int:
    """Build the extensions named, and print why one can't be built."""
    for name in arguments:
        try:
            build(name)
        except Unavailable as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
