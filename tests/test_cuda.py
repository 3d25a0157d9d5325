# SPDX-License-Identifier: Apache-2.0
"""The host program of the CUDA benchmark, over a fake CUDA runtime that was made for these tests.

No number here is a measurement: the fake's device time is a counter.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fake_cuda.building import Done, Fake, build_fake
from ffi_cts._paths import reference_library
from ffi_cts.bench.cuda.launches import HOST_OPERATIONS, CudaResult, measure_with
from ffi_cts.errors import FfiCtsError, HarnessError
from support.command import PACKAGES
from support.processes import processes_of

ILLEGAL_ADDRESS = 700


@pytest.fixture(scope="session")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Fake:
    return build_fake(tmp_path_factory.mktemp("fake_cuda"))


def error_of(done: Done) -> str:
    assert done.code == 3, done
    assert done.out == ""
    last = done.err.splitlines()[-1]
    assert last.startswith("error: ")
    return last.removeprefix("error: ")


def measured(fake: Fake, *wanted: str, library: Path | None = None) -> CudaResult:
    return measure_with(fake.programs, library or reference_library(), 2, wanted, batch=3)


def between(log: list[str], first: str, last: str) -> list[str]:
    """The lines from the latest ``first`` to the next ``last``."""
    start = len(log) - 1 - log[::-1].index(first)
    return log[start : log.index(last, start) + 1]


def test_every_operation_has_samples_of_both_sides(fake: Fake) -> None:
    result = measured(fake, *HOST_OPERATIONS)
    assert result.skipped == ()
    assert [row.op for row in result.rows] == list(HOST_OPERATIONS)
    for row in result.rows:
        assert len(row.samples) == len(row.floor_samples) == 2
        assert min(row.samples + row.floor_samples) > 0


def test_device_time_is_that_of_the_kernels_alone(fake: Fake) -> None:
    rows = {row.op: row for row in measured(fake, "cuda.device_noop", "cuda.device_scale").rows}
    for op, nanoseconds in (("cuda.device_noop", 1000), ("cuda.device_scale", 2500)):
        for samples in (rows[op].samples, rows[op].floor_samples):
            assert samples == pytest.approx([nanoseconds] * 2, rel=1e-3)


@pytest.mark.parametrize("operation", HOST_OPERATIONS)
def test_everything_acquired_is_released(fake: Fake, operation: str) -> None:
    done = fake.run(operation)
    assert (done.code, done.ledger) == (0, {})


def test_nothing_is_measured_before_it_was_seen_to_land(fake: Fake) -> None:
    done = fake.run("cuda.enqueue_noop")
    captured = done.log.index("cudaStreamEndCapture s1")
    launches = [i for i, line in enumerate(done.log) if line == "cudaLaunchKernel noop s1"]
    # Warm-up of both sides, then a capture of both streams.
    assert sum(i < captured for i in launches) == 2 + 2 + 2
    assert not any(
        line.startswith("run")
        for line in between(done.log, "cudaStreamBeginCapture s2 mode=2", "cudaStreamEndCapture s2")
    )


def test_every_launch_goes_to_the_stream_that_was_set(fake: Fake) -> None:
    for operation, kernel in (("cuda.enqueue_noop", "noop"), ("cuda.enqueue_scale", "scale")):
        launches = {line for line in fake.run(operation).log if "cudaLaunchKernel" in line}
        assert launches == {f"cudaLaunchKernel {kernel} s1"}


def test_switching_alternates_between_the_streams(fake: Fake) -> None:
    done = fake.run("cuda.stream_switch", batch=4)
    streams = [line[-2:] for line in done.log if "cudaLaunchKernel" in line]
    assert streams == ["s2", "s1"] * (len(streams) // 2)


def test_a_batch_is_held_back_until_it_is_enqueued(fake: Fake) -> None:
    log = fake.run("cuda.device_noop", batch=2).log
    assert between(log, "cudaLaunchHostFunc s1", "cudaEventElapsedTime e1 e2") == [
        "cudaLaunchHostFunc s1",
        "cudaEventRecord e1 s1",
        "cudaLaunchKernel noop s1",
        "cudaLaunchKernel noop s1",
        "cudaEventRecord e2 s1",
        "cudaEventSynchronize e2",
        "run host function s1",
        "run record s1",
        "run noop s1",
        "run noop s1",
        "run record s1",
        "cudaEventElapsedTime e1 e2",
    ]


def test_a_graph_holds_the_launch_and_replays_it(fake: Fake) -> None:
    log = [line for line in fake.run("cuda.graph_replay", batch=2).log if "Memcpy" not in line]
    last = between(log, "cudaStreamBeginCapture s1 mode=2", "cudaStreamDestroy s1")
    words = [
        line.split()[0] + (" " + line.split()[1] if line[:3] == "run" else "") for line in last
    ]
    assert [word for word in words if word not in ("cudaStreamSynchronize", "run copy")][:12] == [
        "cudaStreamBeginCapture",
        "cudaLaunchKernel",
        "cudaStreamEndCapture",
        "cudaGraphInstantiateWithFlags",
        "cudaGraphLaunch",
        "run scale",
        "cudaGraphLaunch",
        "cudaGraphLaunch",
        "run scale",
        "run scale",
        "cudaGraphExecDestroy",
        "cudaGraphDestroy",
    ]


@pytest.mark.parametrize("operation", HOST_OPERATIONS)
def test_each_call_that_fails_is_named_and_leaks_nothing(fake: Fake, operation: str) -> None:
    calls = fake.run(operation, batch=1).calls
    for number, call in enumerate(calls, 1):
        done = fake.run(operation, batch=1, FAIL=f"{number}:{ILLEGAL_ADDRESS}")
        assert done.code == 3, f"call {number}, {call}"
        assert f"{call} failed with code {ILLEGAL_ADDRESS} (" in done.err.splitlines()[-1]
        assert done.ledger == {}, f"call {number}, {call}"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"FAIL": "1:35"}, "cudaGetDeviceCount returned 35 (the driver is too old)"),
        ({"FAIL": "1:100"}, "cudaGetDeviceCount returned 100 (as the test wants it)"),
        ({"DEVICES": "0"}, "CUDA finds no device"),
        ({"CAPABILITY": "7"}, "the kernels need compute capability 8.0, the device has 7.0"),
    ],
)
def test_a_machine_without_a_usable_device_skips(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], reason: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"FAKE_CUDA_{name}", value)
    result = measured(fake, "cuda.call_noop", "cuda.device_noop", "cuda.from_torch")
    assert result == CudaResult((), (("cuda.*", reason),))


@pytest.mark.parametrize("code", [1, 3, 34, 36, 99, 101, 999])
def test_any_other_code_is_an_error(fake: Fake, code: int) -> None:
    message = error_of(fake.run("cuda.call_noop", FAIL=f"1:{code}"))
    assert message.startswith(f"cudaGetDeviceCount failed with code {code} (")


def test_a_cuda_error_is_an_error_with_the_operation(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = fake.run("cuda.enqueue_noop").calls
    monkeypatch.setenv("FAKE_CUDA_FAIL", f"{calls.index('cudaLaunchKernel') + 1}:700")
    with pytest.raises(FfiCtsError) as caught:
        measured(fake, "cuda.enqueue_noop")
    assert caught.value.exit_code == 3
    assert not isinstance(caught.value, HarnessError)
    assert (
        "cuda.enqueue_noop: launch_noop returned -1 and raised RuntimeError: "
        "cudaLaunchKernel failed with code 700 (cudaErrorOfTheFake)" in caught.value.message
    )


GET_STREAM = "TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t type, int32_t id)"
SET_STREAM = (
    "int TVMFFIEnvSetStream(int32_t type, int32_t id, TVMFFIStreamHandle stream, "
    "TVMFFIStreamHandle* original)"
)
CALL = "int TVMFFIFunctionCall(TVMFFIObjectHandle f, TVMFFIAny* args, int32_t n, TVMFFIAny* result)"
UNUSED = "(void)type; (void)id; (void)stream; (void)original;"
WRONG_RUNTIMES = {
    "forgets_the_stream": (
        GET_STREAM + "{ (void)type; (void)id; return NULL; }",
        "cuda.enqueue_noop: 2 of 2 launches by FFI were due on stream 0, but 0 landed there",
    ),
    "keeps_the_first_stream": (
        "static TVMFFIStreamHandle first;"
        + SET_STREAM
        + "{ (void)type; (void)id; (void)original; if (!first) first = stream; return 0; }"
        + GET_STREAM
        + "{ (void)type; (void)id; return first; }",
        "cuda.stream_switch: 1 of 2 launches by FFI were due on stream 0, but 2 landed there",
    ),
    "calls_nothing": (
        CALL + "{ (void)f; (void)args; (void)n; (void)result; return 0; }",
        "cuda.enqueue_noop: 2 of 2 launches by FFI were due on stream 0, but 0 landed there",
    ),
    "refuses_streams": (
        SET_STREAM + "{" + UNUSED + 'TVMFFIErrorSetRaisedFromCStr("No", "none"); return -1; }',
        "cuda.enqueue_noop: TVMFFIEnvSetStream returned -1 and raised No: none",
    ),
    "refuses_silently": (
        SET_STREAM + "{" + UNUSED + "return -2; }",
        "cuda.enqueue_noop: TVMFFIEnvSetStream returned -2 and raised nothing",
    ),
    "gives_a_result": (
        CALL + "{ (void)f; (void)args; (void)n; result->type_index = kTVMFFIInt; return 0; }",
        "cuda.enqueue_noop: launch_noop did not give None",
    ),
}


@pytest.mark.parametrize("name", WRONG_RUNTIMES)
def test_a_wrong_runtime_is_not_measured(fake: Fake, name: str) -> None:
    source, message = WRONG_RUNTIMES[name]
    done = fake.run(message.partition(":")[0], runtime=fake.runtime(name, source))
    assert error_of(done) == message
    assert done.ledger == {}


def test_a_launch_that_gets_lost_later_shows_in_the_data(fake: Fake) -> None:
    source = (
        f"{CALL} {{ static int calls;"
        "  const TVMFFIFunctionCell* cell = (const TVMFFIFunctionCell*)((TVMFFIObject*)f + 1);"
        "  return ++calls % 9 ? cell->safe_call(f, args, n, result) : 0; }"
    )
    done = fake.run("cuda.enqueue_scale", runtime=fake.runtime("loses", source), rounds=9)
    assert "element 0 is 4 after 3 launches that double it, not 8" in error_of(done)
    assert done.ledger == {}


COUNTS_REFERENCES = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
static int left;
int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType call, void (*deleter)(void*),
                         TVMFFIObjectHandle* out) {
  int (*next)(void*, TVMFFISafeCallType, void (*)(void*), TVMFFIObjectHandle*);
  *(void**)&next = dlsym(RTLD_NEXT, "TVMFFIFunctionCreate");
  ++left;
  return next(self, call, deleter, out);
}
void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* out) {
  void (*next)(TVMFFIObjectHandle*);
  *(void**)&next = dlsym(RTLD_NEXT, "TVMFFIErrorMoveFromRaised");
  next(out);
  left += *out != NULL;
}
int TVMFFIObjectDecRef(TVMFFIObjectHandle object) {
  int (*next)(TVMFFIObjectHandle);
  *(void**)&next = dlsym(RTLD_NEXT, "TVMFFIObjectDecRef");
  --left;
  return next(object);
}
__attribute__((destructor)) static void tell(void) { fprintf(stderr, "references left: %d", left); }
"""


def test_no_reference_is_kept(fake: Fake) -> None:
    runtime = fake.runtime("counts", COUNTS_REFERENCES)
    launch = fake.run("cuda.enqueue_noop").calls.index("cudaLaunchKernel") + 1
    assert fake.run("cuda.enqueue_noop", runtime=runtime).err.endswith("references left: 0")
    failed = fake.run("cuda.enqueue_noop", runtime=runtime, FAIL=f"{launch}:700")
    assert failed.code == 3
    assert failed.err.endswith("references left: 0")


def test_a_runtime_that_crashes_is_named_with_the_operation(fake: Fake) -> None:
    library = fake.runtime("crashes", f"{SET_STREAM} {{ {UNUSED} __builtin_trap(); }}")
    with pytest.raises(FfiCtsError, match=r"was killed by SIG(ILL|TRAP) while measuring cuda\.enq"):
        measured(fake, "cuda.enqueue_noop", library=library)


def test_a_runtime_that_hangs_is_ended(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ffi_cts.bench.cuda.launches._SECONDS", 1.0)
    monkeypatch.setattr("ffi_cts.bench.cuda.launches._SECONDS_PER_ROUND", 0.0)
    source = f"#include <unistd.h>\n{SET_STREAM} {{ {UNUSED} for (;;) pause(); }}"
    library = fake.runtime("hangs", source)
    with pytest.raises(FfiCtsError, match="did not end within 1 s"):
        measured(fake, "cuda.enqueue_noop", library=library)
    assert processes_of(library) == []


def test_a_runtime_that_exits_is_no_result(fake: Fake) -> None:
    source = f"#include <stdlib.h>\n{SET_STREAM} {{ {UNUSED} exit(0); }}"
    with pytest.raises(FfiCtsError, match=r"ended without a result of cuda\.enqueue_noop"):
        measured(fake, "cuda.enqueue_noop", library=fake.runtime("exits", source))


def test_what_a_runtime_prints_stays_out_of_the_results(fake: Fake) -> None:
    source = '#include <stdio.h>\n__attribute__((constructor)) static void f(void) { puts("hi"); }'
    done = fake.run("cuda.call_noop", runtime=fake.runtime("prints", source))
    assert json.loads(done.out)["op"] == "cuda.call_noop"
    assert "hi" in done.err


def test_a_library_without_streams_skips(fake: Fake) -> None:
    source = "int TVMFFIFunctionCreate(void); int TVMFFIFunctionCreate(void) { return 0; }"
    result = measured(fake, "cuda.call_noop", library=fake.compile("small", source))
    assert result.rows == ()
    [(name, reason)] = result.skipped
    assert name == "cuda.*"
    assert re.fullmatch(r"the library has no function TVMFFI\w+", reason)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rounds": 0}, "0 is not a number from 1 to 1000000"),
        ({"batch": 121}, "121 is not a number from 1 to 120"),
        ({"runtime": Path("nowhere.so")}, "the library can't be loaded: nowhere.so"),
    ],
)
def test_wrong_arguments_are_refused(
    fake: Fake, arguments: dict[str, object], message: str
) -> None:
    assert error_of(fake.run("cuda.call_noop", **arguments)).startswith(message)  # type: ignore[arg-type]


def test_an_unknown_operation_is_refused(fake: Fake) -> None:
    assert error_of(fake.run("cuda.nothing")) == "there is no operation cuda.nothing"


def test_the_module_takes_what_it_can_scale_and_nothing_else(fake: Fake) -> None:
    program = Path(__file__).parent / "fake_cuda" / "call_module.py"
    done = subprocess.run(
        [sys.executable, program, reference_library(), fake.programs.module, fake.library],
        env={**os.environ, "PYTHONPATH": PACKAGES},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {
        "contiguous": [0, 1, 2, 3],
        "no strides": [0, 1, 2, 3],
        "byte offset": [2, 3, 4, 5],
        "scalar": [0],
        "empty with odd strides": [],
        "odd stride of one": [0, 1, 2, 3],
        "on the CPU": "launch_scale needs a tensor on a CUDA device",
        "float64": "launch_scale needs a tensor of dtype float32",
        "two lanes": "launch_scale needs a tensor of dtype float32",
        "int32": "launch_scale needs a tensor of dtype float32",
        "transposed": "launch_scale needs a contiguous tensor",
        "one argument": "launch_scale takes a tensor and a float",
        "integer factor": "launch_scale takes a tensor and a float",
        "no tensor": "launch_scale takes a tensor and a float",
    }


@pytest.fixture
def torch(fake: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A torch made for these tests, over the fake; gives its log."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "fake_cuda" / "python"))
    monkeypatch.setenv("FAKE_CUDA_LIBRARY", str(fake.library))
    monkeypatch.setenv("FAKE_CUDA_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_a_torch_tensor_goes_through_dlpack(fake: Fake, torch: Path) -> None:
    result = measured(fake, "cuda.from_torch")
    assert result.skipped == ()
    [row] = result.rows
    assert (row.op, len(row.samples), len(row.floor_samples)) == ("cuda.from_torch", 2, 2)
    log = torch.read_text().splitlines()
    assert {line for line in log if "cudaLaunchKernel" in line} == {"cudaLaunchKernel scale s1"}
    assert "cudaStreamBeginCapture s1 mode=0" in log
    assert "exports left=0" in log


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ("broken", "torch can't be imported: libtorch_cuda.so: no such file"),
        ("no-cuda", "this torch is not built for CUDA"),
        ("no-device", "torch finds no CUDA device"),
        ("old", "this torch knows no versioned DLPack: unexpected keyword argument 'max_version'"),
        ("unversioned", "this torch gives no versioned DLPack capsules"),
    ],
)
def test_a_torch_that_can_not_be_measured_skips(
    fake: Fake, torch: Path, monkeypatch: pytest.MonkeyPatch, odd: str, reason: str
) -> None:
    monkeypatch.setenv("FAKE_TORCH", odd)
    assert measured(fake, "cuda.from_torch") == CudaResult((), (("cuda.from_torch", reason),))


def test_a_torch_that_fails_is_an_error(
    fake: Fake, torch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    for calls, line in enumerate(_calls_of_torch(fake, torch), 1):
        monkeypatch.setenv("FAKE_CUDA_FAIL", f"{calls}:700")
        with pytest.raises(FfiCtsError, match=rf"{line.split()[0]}.*\b700\b"):
            measure_with(fake.programs, reference_library(), 1, ["cuda.from_torch"], batch=1)
    assert calls > 5


def _calls_of_torch(fake: Fake, log: Path) -> list[str]:
    measure_with(fake.programs, reference_library(), 1, ["cuda.from_torch"], batch=1)
    return [line for line in log.read_text().splitlines() if line.startswith("cuda")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("forgets_the_stream", "the tensor is not 1 after a launch on the captured stream"),
        ("calls_nothing", "the tensor is not 8 after 3 launches that double it"),
        ("refuses_streams", "TVMFFIEnvSetStream returned -1 and raised No: none"),
    ],
)
def test_a_wrong_runtime_is_not_measured_from_torch(
    fake: Fake, torch: Path, name: str, message: str
) -> None:
    library = fake.runtime(f"{name}_of_torch", WRONG_RUNTIMES[name][0])
    with pytest.raises(FfiCtsError, match=re.escape(message)):
        measured(fake, "cuda.from_torch", library=library)


def test_a_missing_torch_skips_nothing_else(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("torch") is not None:
        pytest.skip("torch is installed here")
    result = measured(fake, "cuda.call_noop", "cuda.from_torch")
    assert [row.op for row in result.rows] == ["cuda.call_noop"]
    reason = "torch can't be imported: No module named 'torch'"
    assert result.skipped == (("cuda.from_torch", reason),)
