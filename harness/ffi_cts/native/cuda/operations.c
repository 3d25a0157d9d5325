/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

enum { DEVICE = 0 };

static const float FACTOR = 2.0F;

/* Every call has the same arguments, so one set serves a whole batch. */
static int call_many(cts_bench* bench, TVMFFIObjectHandle function, const char* name,
                     TVMFFIAny* args, int num_args, int count) {
  TVMFFIAny result = {.type_index = kTVMFFINone};
  int code = 0;
  for (int i = 0; i < count && code == 0; ++i) {
    code = bench->runtime.FunctionCall(function, args, num_args, &result);
  }
  if (code != 0) return cts_raised(&bench->runtime, name, code);
  return result.type_index == kTVMFFINone ? 0 : cts_fail("%s did not give None", name);
}

static TVMFFIAny device_argument(void) {
  return (TVMFFIAny){.type_index = kTVMFFIInt, .v_int64 = DEVICE};
}

int cts_set_stream(cts_bench* bench, int index) {
  int code = bench->runtime.EnvSetStream(kDLCUDA, DEVICE, bench->device.streams[index], NULL);
  return code == 0 ? 0 : cts_raised(&bench->runtime, "TVMFFIEnvSetStream", code);
}

static int call_noop(cts_bench* bench, cts_side side, int count) {
  if (side == CTS_FFI) return call_many(bench, bench->module.noop, "noop", NULL, 0, count);
  int code = 0;
  for (int i = 0; i < count && code == 0; ++i) code = bench->module.plain_noop();
  return code;
}

static int launch_noop(cts_bench* bench, cts_side side, int count) {
  if (side == CTS_FFI) {
    TVMFFIAny argument = device_argument();
    return call_many(bench, bench->module.launch_noop, "launch_noop", &argument, 1, count);
  }
  cudaError_t code = cudaSuccess;
  for (int i = 0; i < count && code == cudaSuccess; ++i) {
    code = bench->module.plain_launch_noop(bench->device.streams[0]);
  }
  return cts_cuda(code, "cudaLaunchKernel");
}

static int scale_by_ffi(cts_bench* bench, int count) {
  int64_t shape = CTS_ELEMENTS;
  int64_t stride = 1;
  DLTensor tensor = {
      .data = bench->device.data,
      .device = {.device_type = kDLCUDA, .device_id = DEVICE},
      .ndim = 1,
      .dtype = {.code = kDLFloat, .bits = 32, .lanes = 1},
      .shape = &shape,
      .strides = &stride,
  };
  TVMFFIAny args[] = {
      {.type_index = kTVMFFIDLTensorPtr, .v_ptr = &tensor},
      {.type_index = kTVMFFIFloat, .v_float64 = (double)FACTOR},
  };
  return call_many(bench, bench->module.launch_scale, "launch_scale", args, 2, count);
}

static int launch_scale(cts_bench* bench, cts_side side, int count) {
  if (side == CTS_FFI) return scale_by_ffi(bench, count);
  cudaError_t code = cudaSuccess;
  for (int i = 0; i < count && code == cudaSuccess; ++i) {
    code = bench->module.plain_launch_scale(bench->device.streams[0], bench->device.data,
                                            CTS_ELEMENTS, FACTOR);
  }
  return cts_cuda(code, "cudaLaunchKernel");
}

/* Each call goes to the stream that the one before did not go to. */
static int switch_by_ffi(cts_bench* bench, int count) {
  const cts_runtime* runtime = &bench->runtime;
  TVMFFIAny argument = device_argument();
  TVMFFIAny result = {.type_index = kTVMFFINone};
  int code = 0;
  for (int i = 0; i < count; ++i) {
    cudaStream_t stream = bench->device.streams[(i + 1) % CTS_STREAMS];
    code = runtime->EnvSetStream(kDLCUDA, DEVICE, stream, NULL);
    if (code != 0) return cts_raised(runtime, "TVMFFIEnvSetStream", code);
    code = runtime->FunctionCall(bench->module.launch_noop, &argument, 1, &result);
    if (code != 0) return cts_raised(runtime, "launch_noop", code);
  }
  return 0;
}

static int switch_stream(cts_bench* bench, cts_side side, int count) {
  if (side == CTS_FFI) return switch_by_ffi(bench, count);
  cudaError_t code = cudaSuccess;
  for (int i = 0; i < count && code == cudaSuccess; ++i) {
    code = bench->module.plain_launch_noop(bench->device.streams[(i + 1) % CTS_STREAMS]);
  }
  return cts_cuda(code, "cudaLaunchKernel");
}

const cts_operation cts_operations[] = {
    {"cuda.call_noop", cts_sample_calls, call_noop, 1000, false, {0, 0}},
    {"cuda.enqueue_noop", cts_sample_calls, launch_noop, 1, false, {2, 0}},
    {"cuda.enqueue_scale", cts_sample_calls, launch_scale, 1, true, {2, 0}},
    {"cuda.device_noop", cts_sample_device, launch_noop, 1, false, {2, 0}},
    {"cuda.device_scale", cts_sample_device, launch_scale, 1, true, {2, 0}},
    {"cuda.graph_replay", cts_sample_replay, launch_scale, 1, true, {2, 0}},
    {"cuda.stream_switch", cts_sample_calls, switch_stream, 1, false, {1, 1}},
};
const int cts_operation_count = sizeof(cts_operations) / sizeof(cts_operations[0]);
