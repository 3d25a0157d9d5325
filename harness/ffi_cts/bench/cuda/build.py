# SPDX-License-Identifier: Apache-2.0
"""Building the CUDA module and its host program, once for each compiler and source."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from ffi_cts._paths import resource
from ffi_cts.engine import program
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.library.fetch import CACHE_VARIABLE

SOURCES = resource("native/cuda")
MODULE_SOURCES = ("kernels.cu", "module.c")
HOST_SOURCES = ("main.c", "measure.c", "operations.c", "device.c", "runtime.c", "failure.c")

_MODULE, _HOST = "module.so", "host"
_SECONDS = 300
_LAST_LINES = 8
_COMMON = (
    "-O2",
    # Linked in, so that nothing of CUDA but the driver has to be on the machine.
    "-cudart=static",
    "--no-compress",  # so that `architectures` can read the PTX
    "-gencode=arch=compute_80,code=sm_80",
    "-gencode=arch=compute_90,code=sm_90",
    "-gencode=arch=compute_90,code=compute_90",
)
_MODULE_FLAGS = (
    "-shared",
    "-Xcompiler=-fPIC,-fvisibility=hidden",
    # Otherwise another CUDA runtime in the process, such as torch's, would take its calls.
    "-Xlinker=--exclude-libs=ALL",
)


@frozen
class Programs:
    """The module with the kernels, and the program that measures it."""

    module: Path
    host: Path


def find_nvcc() -> Path | None:
    """The CUDA compiler: of CUDA_HOME or CUDA_PATH if set, else the one on the PATH."""
    for variable in ("CUDA_HOME", "CUDA_PATH"):
        home = os.environ.get(variable)
        found = shutil.which("nvcc", path=str(Path(home) / "bin")) if home else None
        if found:
            return Path(found)
    found = shutil.which("nvcc")
    return Path(found) if found else None


def build(nvcc: Path, cache: Path) -> Programs:
    """Give the programs, built by ``nvcc`` unless ``cache`` has them.

    Raises:
        HarnessError: nvcc fails; the message holds its last lines.
        UsageError: the cache can't be written.
    """
    final = cache / "cuda" / _key(nvcc)
    if not final.is_dir():
        try:
            _build_into(nvcc, final)
        except OSError as error:
            raise UsageError(
                f"Can't put the CUDA module into the cache folder {cache}: {error}.",
                f"Set {CACHE_VARIABLE} to a folder that can be written.",
            ) from error
    return Programs(module=final / _MODULE, host=final / _HOST)


def _build_into(nvcc: Path, final: Path) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=final.parent) as folder:
        staging = Path(folder) / "staging"
        staging.mkdir()
        _compile(nvcc, _MODULE_FLAGS, MODULE_SOURCES, staging / _MODULE)
        _compile(nvcc, (), HOST_SOURCES, staging / _HOST)
        try:
            staging.rename(final)
        except OSError:
            # Another process may have been first; the key says that it built the same.
            if not final.is_dir():
                raise


def _compile(nvcc: Path, flags: Sequence[str], sources: Sequence[str], output: Path) -> None:
    command = [*_COMMON, *flags, "-I", str(resource("include"))]
    command += [str(SOURCES / name) for name in sources]
    ending = _run(nvcc, [*command, "-ldl", "-o", str(output)])
    if not ending.succeeded:
        lines = [line for line in (ending.output + ending.errors).splitlines() if line.strip()]
        raise HarnessError(
            f"{nvcc} could not build {output.name}: {ending.how}:\n"
            + "\n".join(lines[-_LAST_LINES:]),
            "Check that this nvcc and its host compiler fit together.",
        )


def _key(nvcc: Path) -> str:
    """A name for what the sources, the flags and the compiler give."""
    version = _run(nvcc, ["--version"])
    if not version.succeeded:
        raise HarnessError(f"{nvcc} --version failed:\n{version.output}{version.errors}")
    files = [*SOURCES.iterdir(), resource("include") / "ffi_cts" / "abi.h"]
    parts = [version.output, platform.machine(), *_COMMON, *_MODULE_FLAGS]
    for file in sorted(files):
        parts += [file.name, file.read_text(encoding="utf-8")]
    digest = hashlib.sha256()
    for part in parts:
        # Hashed one by one, so that no two lists of parts run together into the same text.
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()[:16]


def _run(nvcc: Path, arguments: Sequence[str]) -> program.Ending:
    ending = program.run([nvcc, *arguments], seconds=_SECONDS)
    if not isinstance(ending.how, program.Exited):
        raise HarnessError(
            f"{nvcc} can't be run: {ending.how}.",
            "Check the CUDA installation, or take it off PATH.",
        )
    return ending
