# SPDX-License-Identifier: Apache-2.0
"""Building the CUDA benchmark, reading fat binaries, and the way to a GPU that is not there."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ffi_cts._paths import reference_library
from ffi_cts.bench.cuda.build import HOST_SOURCES, MODULE_SOURCES, SOURCES, build, find_nvcc
from ffi_cts.bench.cuda.launches import CudaResult, architectures, measure
from ffi_cts.errors import HarnessError, UsageError
from ffi_cts.selftest.variants import compiler

NVCC = find_nvcc()
needs_nvcc = pytest.mark.skipif(NVCC is None, reason="there is no nvcc on this machine")
CUBIN, PTX = 2, 1


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cuda_cache")


@pytest.fixture
def no_nvcc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CUDA_HOME", raising=False)
    monkeypatch.delenv("CUDA_PATH", raising=False)


@pytest.fixture
def broken_nvcc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A compiler that says its version and compiles nothing."""
    program = tmp_path / "bin" / "nvcc"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo version 1 && exit 0\n'
        'for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i" >&2; done\nexit 2\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("CUDA_HOME", str(tmp_path))
    return program


def every(operation: str) -> bool:
    return bool(operation)


def test_every_source_is_built() -> None:
    found = {path.name for path in SOURCES.iterdir() if path.suffix in (".c", ".cu")}
    assert found == {*MODULE_SOURCES, *HOST_SOURCES}


@pytest.mark.usefixtures("no_nvcc")
def test_without_nvcc_everything_is_skipped() -> None:
    result = measure(reference_library(), rounds=1, only=every)
    reason = "there is no nvcc: not on the PATH, nor in CUDA_HOME"
    assert result == CudaResult((), (("cuda.*", reason),))


def test_nothing_wanted_is_nothing_done(broken_nvcc: Path) -> None:
    assert measure(reference_library(), rounds=1, only=lambda _: False) == CudaResult((), ())


def test_no_rounds_are_refused() -> None:
    with pytest.raises(UsageError, match="0 rounds"):
        measure(reference_library(), rounds=0, only=every)


def test_what_is_no_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        measure(tmp_path / "none.so", rounds=1, only=every)


def test_what_nvcc_says_last_is_in_the_error(broken_nvcc: Path, tmp_path: Path) -> None:
    with pytest.raises(HarnessError) as caught:
        build(broken_nvcc, tmp_path / "cache")
    assert "nvcc could not build module.so: the process exited with code 2" in caught.value.message
    assert caught.value.message.endswith("line 9\nline 10")
    assert "line 2\n" not in caught.value.message
    assert caught.value.exit_code == 3
    assert list((tmp_path / "cache" / "cuda").iterdir()) == []


def test_a_cache_that_can_not_be_written_is_named(broken_nvcc: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(UsageError, match="FFI_CTS_CACHE"):
        build(broken_nvcc, tmp_path / "cache")


def test_the_cuda_home_goes_before_the_path(broken_nvcc: Path) -> None:
    assert find_nvcc() == broken_nvcc


@needs_nvcc
def test_the_programs_are_built_once(cache: Path) -> None:
    assert NVCC is not None
    first = build(NVCC, cache)
    before = first.module.stat().st_mtime_ns
    assert build(NVCC, cache) == first
    assert first.module.stat().st_mtime_ns == before


@needs_nvcc
def test_the_module_is_for_two_architectures_and_later_ones(cache: Path) -> None:
    assert NVCC is not None
    found = architectures(build(NVCC, cache).module)
    assert found == ["sm_80", "sm_90", "compute_90"]


@needs_nvcc
def test_cuobjdump_agrees(cache: Path) -> None:
    program = shutil.which("cuobjdump")
    if program is None:
        pytest.skip("there is no cuobjdump on this machine")
    assert NVCC is not None
    module = build(NVCC, cache).module
    listed = [
        subprocess.run([program, flag, str(module)], capture_output=True, text=True, check=True)
        for flag in ("--list-elf", "--list-ptx")
    ]
    cubins = set(re.findall(r"\b(sm_\w+)\.cubin", listed[0].stdout))
    ptx = {
        name.replace("sm", "compute") for name in re.findall(r"\b(sm_\w+)\.ptx", listed[1].stdout)
    }
    assert set(architectures(module)) == cubins | ptx


@needs_nvcc
def test_the_real_module_leaves_the_runtime_undefined(cache: Path) -> None:
    assert NVCC is not None
    from ffi_cts.library.elf import inspect_library

    with pytest.raises(UsageError, match="is a module, not an implementation"):
        inspect_library(build(NVCC, cache).module)


@needs_nvcc
def test_the_real_program_measures_or_says_why_not(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FFI_CTS_CACHE", str(cache))
    result = measure(reference_library(), rounds=1, only=lambda name: name != "cuda.from_torch")
    if result.rows:
        pytest.skip("there is a GPU: this test is for machines without")
    [(name, reason)] = result.skipped
    assert name == "cuda.*"
    assert re.match(
        r"cudaGetDeviceCount returned (35|100) \(|CUDA finds no device|the kernels", reason
    )


def cubin(flags: int, abi: int) -> bytes:
    """The header of an ELF file for a GPU."""
    identity = b"\x7fELF\x02\x01\x01" + bytes((51, abi)) + bytes(7)
    return identity + struct.pack("<HHIQQQIHHHHHH", 2, 190, 1, 0, 0, 0, flags, 64, 0, 0, 0, 0, 0)


def entry(kind: int, code: bytes, claimed: int | None = None) -> bytes:
    code += bytes(-len(code) % 8)
    size = len(code) if claimed is None else claimed
    return struct.pack("<HHIQ", kind, 0x101, 32, size) + bytes(16) + code


def container(*entries: bytes) -> bytes:
    body = b"".join(entries)
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


Fat = Callable[[bytes], Path]


@pytest.fixture
def fat(tmp_path: Path) -> Fat:
    """A library with the given bytes where nvcc puts its fat binaries."""

    def write(data: bytes) -> Path:
        numbers = ",".join(str(byte) for byte in data)
        source = tmp_path / "fat.c"
        source.write_text(
            f'__attribute__((section(".nv_fatbin"), used, aligned(8)))'
            f" const unsigned char data[{len(data)}] = {{{numbers}}};"
        )
        library = tmp_path / "fat.so"
        command = [compiler(), "-shared", "-fPIC", str(source), "-o", str(library)]
        subprocess.run(command, check=True)
        return library

    return write


def test_both_places_of_the_number_in_a_cubin_are_known(fat: Fat) -> None:
    old, new = cubin(0x500550, abi=7), cubin(0x6006402, abi=8)
    assert architectures(fat(container(entry(CUBIN, old), entry(CUBIN, new)))) == [
        "sm_100",
        "sm_80",
    ]


def test_all_containers_are_read(fat: Fat) -> None:
    ptx = b"\n.version 9.0\n.target sm_90a, debug\n.address_size 64\n\0"
    data = container(entry(CUBIN, cubin(0x5A02, abi=8))) + container(entry(PTX, ptx))
    assert architectures(fat(data)) == ["sm_90", "compute_90a"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "holds no device code"),
        (bytes(16), "byte 0 of .nv_fatbin is not the start of a container"),
        (container(entry(PTX, b"\x28\xb5\x2f\xfd")), "kind 1 is compressed or unknown"),
        (container(entry(CUBIN, bytes(80))), "kind 2 is compressed or unknown"),
        (container(entry(9, b"whatever")), "kind 9 is compressed or unknown"),
        (container(entry(PTX, b"", claimed=800)), "does not fit into its container"),
        (container(bytes(16)), "does not fit into its container"),
        (container(bytes(24))[:32], "a container ends at byte 40 of 32"),
        (container(entry(CUBIN, b"\x7fELF")), "Can't tell which GPUs"),
    ],
)
def test_damaged_fat_binaries_are_refused(fat: Fat, data: bytes, reason: str) -> None:
    with pytest.raises(UsageError, match=re.escape(reason)) as caught:
        architectures(fat(data))
    assert caught.value.hint


def test_files_without_device_code_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no device code"):
        architectures(reference_library())
    (tmp_path / "text").write_text("text")
    with pytest.raises(UsageError, match="Can't tell which GPUs"):
        architectures(tmp_path / "text")
    with pytest.raises(UsageError, match="No such file"):
        architectures(tmp_path / "none")
