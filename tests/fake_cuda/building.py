# SPDX-License-Identifier: Apache-2.0
"""Builds the benchmark's host code over the fake CUDA runtime, with any C compiler."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import attrs

from ffi_cts._paths import reference_library, resource
from ffi_cts.bench.cuda.build import HOST_SOURCES, SOURCES, Programs
from ffi_cts.selftest.variants import compiler

HERE = Path(__file__).parent
_FLAGS = ("-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-fPIC", "-Wall", "-Wextra", "-Wpedantic")
_STRICT = ("-Wconversion", "-Werror")
_SECONDS = 60


@attrs.frozen
class Done:
    """How a run of the host program ended, and what the fake has logged of it."""

    code: int
    out: str
    err: str
    log: list[str]

    @property
    def calls(self) -> list[str]:
        """The calls of the CUDA runtime, by name."""
        lines = [line.removeprefix("failing ") for line in self.log]
        return [line.split()[0] for line in lines if line.startswith("cuda")]

    @property
    def ledger(self) -> dict[str, int]:
        """What was never released."""
        found = re.findall(r"(\w+)=(\d+)", next(x for x in self.log if x.startswith("live ")))
        return {name: int(count) for name, count in found if int(count)}


@attrs.frozen
class Fake:
    """The programs over the fake, and a folder for logs and libraries of tests."""

    folder: Path
    programs: Programs

    @property
    def library(self) -> Path:
        return self.folder / "libfake_cudart.so"

    def run(
        self,
        *operations: str,
        runtime: Path | None = None,
        rounds: int = 1,
        batch: int = 3,
        **environment: str,
    ) -> Done:
        """Run the host program; ``environment`` is the fake's, without its FAKE_CUDA_."""
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        done = subprocess.run(
            [
                *(self.programs.host, runtime or reference_library(), self.programs.module),
                *(str(rounds), str(batch), *operations),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env={
                **os.environ,
                "FAKE_CUDA_LOG": str(log),
                **{f"FAKE_CUDA_{name}": value for name, value in environment.items()},
            },
        )
        lines = log.read_text().splitlines() if log.exists() else []
        return Done(done.returncode, done.stdout, done.stderr, lines)

    def runtime(self, name: str, source: str) -> Path:
        """A runtime that is the reference but for the functions in ``source``."""
        reference = reference_library()
        linked = ("-Wl,--no-as-needed", str(reference), f"-Wl,-rpath,{reference.parent}")
        return self.compile(name, f'#include "ffi_cts/abi.h"\n{source}', *linked)

    def compile(self, name: str, source: str, *flags: str) -> Path:
        """A shared library made of ``source``."""
        library = self.folder / f"{name}.so"
        code = self.folder / f"{name}.c"
        code.write_text(source)
        _compile([*_FLAGS, "-shared", str(code), "-o", str(library), *flags])
        return library


def build_fake(folder: Path) -> Fake:
    """Build everything into ``folder``, which the caller removes."""
    fake = Fake(folder, Programs(module=folder / "module.so", host=folder / "host"))
    link = [str(fake.library), f"-Wl,-rpath,{folder}", "-ldl", "-Wl,-z,defs"]
    own = [str(path) for path in sorted(HERE.glob("*.c"))]
    strict = [*_FLAGS, *_STRICT]
    _compile([*strict, "-shared", *own, "-o", str(fake.library)])
    module = ["-shared", "-fvisibility=hidden", str(SOURCES / "module.c")]
    _compile([*strict, *module, "-o", str(fake.programs.module), *link[:-1]])
    host = [str(SOURCES / name) for name in HOST_SOURCES]
    _compile([*strict, *host, "-o", str(fake.programs.host), *link])
    return fake


def _compile(arguments: Sequence[str]) -> None:
    # The folder of the fake stands where nvcc has that of CUDA's own headers.
    includes = ["-I", str(resource("include")), "-I", str(SOURCES), "-I", str(HERE)]
    done = subprocess.run(
        [compiler(), *includes, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
