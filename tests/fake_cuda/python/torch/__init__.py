# SPDX-License-Identifier: Apache-2.0
"""Made for the tests: as much of torch as the benchmark uses, over the fake CUDA runtime.

FAKE_TORCH says what is odd about it: "broken", "no-cuda", "no-device", "old" (knows no versions
of DLPack) or "unversioned" (gives old capsules all the same). At exit it logs how many exported
tensors were never deleted.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
from collections.abc import Iterator
from typing import Any

from ffi_cts._declarations import ffi

_odd = os.environ.get("FAKE_TORCH", "")
if _odd == "broken":
    raise OSError("libtorch_cuda.so: no such file")

_cuda = ctypes.CDLL(os.environ["FAKE_CUDA_LIBRARY"])
for _name in ("cudaStreamSynchronize", "cudaGraphLaunch", "cudaStreamEndCapture"):
    getattr(_cuda, _name).argtypes = (ctypes.c_void_p, ctypes.c_void_p)
_cuda.cudaStreamBeginCapture.argtypes = (ctypes.c_void_p, ctypes.c_int)
_cuda.cudaGraphInstantiateWithFlags.argtypes = (
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_ulonglong,
)

float32 = "float32"
_NAME = b"dltensor_versioned"
_exports: dict[int, Any] = {}
atexit.register(lambda: _log(f"exports left={len(_exports)}"))


def _log(line: str) -> None:
    _cuda.fake_log(b"%s", line.encode())


def _call(name: str, *arguments: Any) -> None:
    code = getattr(_cuda, name)(*arguments)
    if code:
        raise RuntimeError(f"CUDA error: {name} {code}\nmore lines")


@ffi.callback("void(DLManagedTensorVersioned*)")
def _delete(managed: Any) -> None:
    del _exports[int(ffi.cast("intptr_t", managed))]


_valid = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_IsValid", ctypes.pythonapi)
)
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


def _destroy(capsule: int) -> None:
    if _valid(capsule, _NAME):
        _exports.pop(_pointer(capsule, _NAME))


_destroy_capsule = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(_destroy)


_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object


class _Truth:
    def __init__(self, values: list[bool]) -> None:
        self._values = values

    def all(self) -> bool:
        return all(self._values)


class _Device:
    index = 0


class _Tensor:
    """Device memory of the fake is host memory; only kernels are late."""

    device = _Device()

    def __init__(self, count: int) -> None:
        self._count = count
        self._data = ctypes.c_void_p()
        _call("cudaMalloc", ctypes.byref(self._data), ctypes.c_size_t(4 * count))

    def fill_(self, value: float) -> None:
        for i in range(self._count):
            self._floats()[i] = value

    def data_ptr(self) -> int:
        return self._data.value or 0

    def _floats(self) -> Any:
        return ctypes.cast(self._data, ctypes.POINTER(ctypes.c_float))

    def __eq__(self, other: object) -> Any:
        return _Truth([self._floats()[i] == other for i in range(self._count)])

    def __hash__(self) -> int:
        return id(self)

    def __dlpack__(self, *, stream: int, **versions: object) -> Any:
        assert stream == -1
        if _odd == "old" and versions:
            raise TypeError("unexpected keyword argument 'max_version'")
        shape = ffi.new("int64_t[1]", [self._count])
        strides = ffi.new("int64_t[1]", [1])
        managed: Any = ffi.new("DLManagedTensorVersioned*")
        managed.version = (1, 3)
        managed.deleter = _delete
        tensor = managed.dl_tensor
        tensor.data = ffi.cast("void*", self.data_ptr())
        tensor.device = (2, 0)
        tensor.dtype = (2, 32, 1)
        tensor.ndim, tensor.shape, tensor.strides = 1, shape, strides
        address = int(ffi.cast("intptr_t", managed))
        _exports[address] = (managed, shape, strides)
        name = b"dltensor" if _odd == "unversioned" else _NAME
        return _new_capsule(ctypes.c_void_p(address), name, _destroy_capsule)


def ones(count: int, *, dtype: str, device: str) -> _Tensor:
    assert (dtype, device) == (float32, "cuda")
    tensor = _Tensor(count)
    tensor.fill_(1.0)
    return tensor


class _Stream:
    def __init__(self) -> None:
        self._handle = ctypes.c_void_p()
        _call("cudaStreamCreateWithFlags", ctypes.byref(self._handle), 1)

    @property
    def cuda_stream(self) -> int:
        return self._handle.value or 0


class _Graph:
    def __init__(self) -> None:
        self.handle = ctypes.c_void_p()

    def replay(self) -> None:
        executable = ctypes.c_void_p()
        _call("cudaGraphInstantiateWithFlags", ctypes.byref(executable), self.handle, 0)
        _call("cudaGraphLaunch", executable, cuda.current)


class version:  # noqa: N801
    cuda = None if _odd == "no-cuda" else "13.0"


class _Cuda:
    Stream = _Stream
    CUDAGraph = _Graph
    current: int | None = None

    def is_available(self) -> bool:
        return _odd != "no-device"

    def synchronize(self) -> None:
        _cuda.fake_drain_all()

    @contextlib.contextmanager
    def stream(self, stream: _Stream) -> Iterator[None]:
        self.current = stream.cuda_stream
        yield
        self.current = None

    @contextlib.contextmanager
    def graph(self, graph: _Graph, *, stream: _Stream) -> Iterator[None]:
        _call("cudaStreamBeginCapture", stream.cuda_stream, 0)
        self.current = stream.cuda_stream
        yield
        _call("cudaStreamEndCapture", stream.cuda_stream, ctypes.byref(graph.handle))


cuda = _Cuda()
