/* SPDX-License-Identifier: Apache-2.0 */
/* The host program of the CUDA benchmark: loads a runtime and the module, and measures.
   Functions that can fail return 0 or -1 and leave the reason with cts_fail. */
#ifndef FFI_CTS_CUDA_HOST_H_
#define FFI_CTS_CUDA_HOST_H_

#include <stdbool.h>
#include <stdint.h>

#include <cuda_runtime_api.h>

#include "ffi_cts/abi.h"
#include "module.h"

/* failure.c */

/* Keeps the first reason there is: what fails later, on the way out, is its consequence.
   Always returns -1. */
__attribute__((format(printf, 1, 2))) int cts_fail(const char* format, ...);

/* The operation that later failures happen in; `name` is borrowed for good, NULL for none. */
void cts_now_in(const char* name);

/* The reason, or NULL when nothing failed. Valid until the next cts_fail. */
const char* cts_failure(void);

/* 0 for cudaSuccess, otherwise a failure that names the call, the code and what CUDA says. */
int cts_cuda(cudaError_t code, const char* call);
#define CTS_CUDA(function, ...) cts_cuda(function(__VA_ARGS__), #function)

/* runtime.c */

/* The functions of the runtime under test that the host program calls. */
#define CTS_HOST_FUNCTIONS(X) \
  X(FunctionCreate) X(FunctionCall) X(ObjectDecRef) X(ErrorMoveFromRaised) X(EnvSetStream)
/* Those that the module calls. */
#define CTS_MODULE_FUNCTIONS(X) X(EnvGetStream) X(ErrorSetRaisedFromCStr)

typedef struct cts_runtime {
#define CTS_FIELD(name) __typeof__(&TVMFFI##name) name;
  CTS_HOST_FUNCTIONS(CTS_FIELD)
#undef CTS_FIELD
} cts_runtime;

/* The module's functions: as function objects of the runtime under test (owned), and plain. */
typedef struct cts_module {
  TVMFFIObjectHandle noop;
  TVMFFIObjectHandle launch_noop;
  TVMFFIObjectHandle launch_scale;
  __typeof__(&cts_plain_noop) plain_noop;
  __typeof__(&cts_plain_launch_noop) plain_launch_noop;
  __typeof__(&cts_plain_launch_scale) plain_launch_scale;
} cts_module;

/* Loads the runtime under test for all to see and fills `out`. Where it lacks a function, `lacking`
   becomes its name (static) and the result is 0. Never unloaded: the process ends first. */
int cts_runtime_load(const char* path, cts_runtime* out, const char** lacking);

/* Loads the module, whose undefined symbols the runtime provides, and wraps its functions. */
int cts_module_load(const cts_runtime* runtime, const char* path, cts_module* out);
void cts_module_release(const cts_runtime* runtime, cts_module* module);

/* After a call of `function` returned `code`: a failure with the error that it raised. */
int cts_raised(const cts_runtime* runtime, const char* function, int code);

/* device.c */

enum { CTS_STREAMS = 2, CTS_EVENTS = 2, CTS_ELEMENTS = 1024 };

/* What the program holds on the device; zeroed before cts_device_acquire. */
typedef struct cts_device {
  cudaStream_t streams[CTS_STREAMS];
  cudaEvent_t events[CTS_EVENTS];
  float* data; /* CTS_ELEMENTS of them, on the device */
} cts_device;

/* Whether the machine can run the benchmark; where not, 0 with `skip` filled in. */
int cts_device_usable(char* skip, size_t size);
int cts_device_acquire(cts_device* device);

/* Gives back what was acquired, even after a failure half way. */
int cts_device_release(cts_device* device);

/* Sets every element to 1, and waits. */
int cts_device_fill(cts_device* device);

/* Waits for both streams. */
int cts_device_wait(const cts_device* device);

/* Waits, then checks that every element is 2 to the power of `doublings`. */
int cts_device_expect(cts_device* device, int doublings);

/* Opens or closes the gate: a host function in a stream holds back all that is enqueued behind it
   while the gate is closed, so that the device never waits for the host within a timed batch. */
int cts_gate_close(cudaStream_t stream);
void cts_gate_open(void);
/* After the stream was waited for: fails if the gate gave up before it was opened. */
int cts_gate_check(void);

/* measure.c */

typedef enum cts_side { CTS_FFI, CTS_PLAIN } cts_side;

typedef struct cts_bench {
  cts_runtime runtime;
  cts_module module;
  cts_device device;
  int batch; /* launches in one sample */
} cts_bench;

/* Calls or enqueues `count` times; this is what gets timed. */
typedef int (*cts_repeat)(cts_bench* bench, cts_side side, int count);

typedef struct cts_operation cts_operation;

/* One sample, in nanoseconds for each of the calls. */
typedef int (*cts_sample)(cts_bench* bench, const cts_operation* operation, cts_side side,
                          double* ns);

struct cts_operation {
  const char* name;
  cts_sample sample;
  cts_repeat repeat;
  int calls_per_launch;   /* calls for each launch in a batch: more where a call is very short */
  bool doubles;           /* each call doubles the data */
  int lands[CTS_STREAMS]; /* of CTS_STREAMS calls, how many have to land on each stream */
};

int cts_sample_calls(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns);
int cts_sample_device(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns);
int cts_sample_replay(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns);

/* Fails unless the calls of both sides land on the streams they have to, as captures show. */
int cts_check_landing(cts_bench* bench, const cts_operation* operation);

/* operations.c */

extern const cts_operation cts_operations[];
extern const int cts_operation_count;

/* Makes `index` of the two streams the current one of the runtime under test. */
int cts_set_stream(cts_bench* bench, int index);

#endif /* FFI_CTS_CUDA_HOST_H_ */
