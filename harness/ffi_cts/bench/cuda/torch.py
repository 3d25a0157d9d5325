# SPDX-License-Identifier: Apache-2.0
"""``cuda.from_torch``: a torch tensor through DLPack into the runtime, and a launch on it.

A program, not a module to import: ``python -m ffi_cts.bench.cuda.torch RUNTIME MODULE ROUNDS
BATCH`` loads torch and the runtime under test, so it must be a child of the process that reports.
It speaks as the host program does: one line of JSON on standard output, and after a failure a
last line ``error: …`` on standard error and exit code 3.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ffi_cts._declarations import ffi

OPERATION = "cuda.from_torch"

_FAILED = 3
_ELEMENTS = 1024
_FACTOR = 2.0
_DEVICE_CUDA = 2  # kDLCUDA
_FLOAT = 3  # kTVMFFIFloat
_TENSOR = 70  # kTVMFFITensor
_CAPSULE = b"dltensor_versioned"
_USED = b"used_dltensor_versioned"
"""What a consumer that took the tensor renames the capsule to; kept alive by this module."""

_NEEDED = (
    "TVMFFIEnvGetStream",
    "TVMFFIEnvSetStream",
    "TVMFFIErrorMoveFromRaised",
    "TVMFFIErrorSetRaisedFromCStr",
    "TVMFFIFunctionCall",
    "TVMFFIFunctionCreate",
    "TVMFFIObjectDecRef",
    "TVMFFITensorFromDLPackVersioned",
)

_get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_get_pointer.restype = ctypes.c_void_p
_get_pointer.argtypes = (ctypes.py_object, ctypes.c_char_p)
_is_valid = ctypes.pythonapi.PyCapsule_IsValid
_is_valid.argtypes = (ctypes.py_object, ctypes.c_char_p)
_set_name = ctypes.pythonapi.PyCapsule_SetName
_set_name.argtypes = (ctypes.py_object, ctypes.c_char_p)


class Unavailable(Exception):
    """Why the operation can't be measured here."""


class Failed(Exception):
    """What went wrong while measuring."""


class Bench:
    """The tensor, the stream that it is used on, and both ways to launch on it."""

    def __init__(self, torch: Any, library: Path, module: Path) -> None:
        self.torch = torch
        self.lib: Any = ffi.dlopen(str(library), ffi.RTLD_NOW | ffi.RTLD_GLOBAL)
        lacking = [name for name in _NEEDED if not hasattr(self.lib, name)]
        if lacking:
            raise Unavailable(f"the library has no function {lacking[0]}")
        self.stream = torch.cuda.Stream()
        self.tensor = torch.ones(_ELEMENTS, dtype=torch.float32, device="cuda")
        self._load(ctypes.CDLL(str(module)))
        self._args: Any = ffi.new("TVMFFIAny[2]")
        self._args[1].type_index = _FLOAT
        self._args[1].v_float64 = _FACTOR
        self._result: Any = ffi.new("TVMFFIAny*")
        self._imported: Any = ffi.new("TVMFFIObjectHandle*")
        self._set_stream()

    def _load(self, module: ctypes.CDLL) -> None:
        def address(name: str) -> int:
            return ctypes.cast(getattr(module, name), ctypes.c_void_p).value or 0

        safe_call: Any = ffi.cast("TVMFFISafeCallType", address("__tvm_ffi_launch_scale"))
        out: Any = ffi.new("TVMFFIObjectHandle*")
        self._check(
            "TVMFFIFunctionCreate",
            self.lib.TVMFFIFunctionCreate(ffi.NULL, safe_call, ffi.NULL, out),
        )
        self._function = out[0]
        self._plain: Any = ffi.cast(
            "int (*)(void*, float*, int64_t, float)", address("cts_plain_launch_scale")
        )

    def _set_stream(self) -> None:
        handle = ffi.cast("void*", self.stream.cuda_stream)
        device = self.tensor.device.index
        code = self.lib.TVMFFIEnvSetStream(_DEVICE_CUDA, device, handle, ffi.NULL)
        self._check("TVMFFIEnvSetStream", code)

    def _check(self, function: str, code: int) -> None:
        """Raise Failed with the error that the library raised, if it did."""
        if code == 0:
            return
        error: Any = ffi.new("TVMFFIObjectHandle*")
        self.lib.TVMFFIErrorMoveFromRaised(error)
        if error[0] == ffi.NULL:
            raise Failed(f"{function} returned {code} and raised nothing")
        cell: Any = ffi.cast("TVMFFIErrorCell*", ffi.cast("TVMFFIObject*", error[0]) + 1)
        kind, message = (
            bytes(ffi.buffer(text.data, text.size)).decode("utf-8", "replace")
            for text in (cell.kind, cell.message)
        )
        self.lib.TVMFFIObjectDecRef(error[0])
        raise Failed(f"{function} returned {code} and raised {kind}: {message}")

    def launch(self, count: int) -> None:
        """Through DLPack into the runtime, launch, and let the tensor go; ``count`` times."""
        lib, args, imported = self.lib, self._args, self._imported
        for _ in range(count):
            # -1: the launch goes to torch's current stream, so there is nothing to wait for.
            capsule = self.tensor.__dlpack__(max_version=(1, 0), stream=-1)
            managed = ffi.cast("DLManagedTensorVersioned*", _get_pointer(capsule, _CAPSULE))
            code = lib.TVMFFITensorFromDLPackVersioned(managed, 0, 0, imported)
            if code:
                self._check("TVMFFITensorFromDLPackVersioned", code)
            _set_name(capsule, _USED)
            args[0].type_index = _TENSOR
            args[0].v_ptr = imported[0]
            code = lib.TVMFFIFunctionCall(self._function, args, 2, self._result)
            lib.TVMFFIObjectDecRef(imported[0])
            if code:
                self._check("launch_scale", code)

    def launch_plain(self, count: int) -> None:
        """The same launch without the runtime, from Python all the same."""
        stream = ffi.cast("void*", self.stream.cuda_stream)
        data = ffi.cast("float*", self.tensor.data_ptr())
        for _ in range(count):
            code = self._plain(stream, data, _ELEMENTS, _FACTOR)
            if code:
                raise Failed(f"cudaLaunchKernel failed with code {code}")

    def sample(self, launch: Callable[[int], None], batch: int) -> float:
        """Nanoseconds for each of ``batch`` calls; checks that each doubled the tensor."""
        self.tensor.fill_(1.0)
        self.torch.cuda.synchronize()
        begin = time.perf_counter_ns()
        launch(batch)
        end = time.perf_counter_ns()
        self.expect(_FACTOR**batch, f"{batch} launches that double it")
        return (end - begin) / batch

    def expect(self, value: float, after: str) -> None:
        """Wait for the device, and raise Failed unless every element is ``value``."""
        self.torch.cuda.synchronize()
        if not bool((self.tensor == value).all()):
            raise Failed(f"the tensor is not {value:g} after {after}")

    def check_landing(self) -> None:
        """A launch on torch's stream is captured with it, and runs when the graph does."""
        self.tensor.fill_(1.0)
        self.torch.cuda.synchronize()
        graph = self.torch.cuda.CUDAGraph()
        with self.torch.cuda.graph(graph, stream=self.stream):
            self.launch(1)
        self.expect(1.0, "a launch on the captured stream, which should not have run")
        graph.replay()
        self.expect(_FACTOR, "replaying the launch, which did not land on the captured stream")


def _import_torch() -> Any:
    try:
        torch = importlib.import_module("torch")
    except Exception as error:  # a broken installation raises anything
        raise Unavailable(f"torch can't be imported: {error}") from error
    if torch.version.cuda is None:
        raise Unavailable("this torch is not built for CUDA")
    if not torch.cuda.is_available():
        raise Unavailable("torch finds no CUDA device")
    return torch


def _check_capsules(bench: Bench) -> None:
    try:
        capsule = bench.tensor.__dlpack__(max_version=(1, 0), stream=-1)
    except TypeError as error:
        raise Unavailable(f"this torch knows no versioned DLPack: {error}") from error
    if not _is_valid(capsule, _CAPSULE):
        raise Unavailable("this torch gives no versioned DLPack capsules")


def measure(library: Path, module: Path, rounds: int, batch: int) -> dict[str, object]:
    """Take ``rounds`` samples of both sides in turn.

    Raises:
        Unavailable: torch, a device or a function of the library is missing.
        Failed: a call fails, or a launch does not do what it has to.
    """
    torch = _import_torch()
    bench = Bench(torch, library, module)
    _check_capsules(bench)
    samples: list[float] = []
    floor: list[float] = []
    sides = [(bench.launch, samples), (bench.launch_plain, floor)]
    with torch.cuda.stream(bench.stream):
        for launch, _ in sides:
            bench.sample(launch, batch)
    bench.check_landing()
    with torch.cuda.stream(bench.stream):
        for _ in range(rounds):
            for launch, taken in sides:
                taken.append(bench.sample(launch, batch))
            sides.reverse()  # so that a drift of the machine favours neither
    return {"op": OPERATION, "samples": samples, "floor_samples": floor}


def main(arguments: Sequence[str]) -> int:
    """Measure and print; gives the exit code."""
    library, module, rounds, batch = arguments
    # The line gets a descriptor of its own: a library may print on the standard output.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        print(f"measuring {OPERATION}", file=sys.stderr, flush=True)
        try:
            line = measure(Path(library), Path(module), int(rounds), int(batch))
        except Unavailable as reason:
            line = {"skip": " ".join(str(reason).split())}
        except Exception as error:  # torch's errors have no class of their own
            text = " ".join(str(error).split())
            print(f"error: {OPERATION}: {text}", file=sys.stderr)
            return _FAILED
        print(json.dumps(line), file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
