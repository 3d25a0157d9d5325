/* SPDX-License-Identifier: Apache-2.0 */
#include "module.h"

#include <stdio.h>

#include "kernels.h"

static int refuse(const char* kind, const char* message) {
  TVMFFIErrorSetRaisedFromCStr(kind, message);
  return -1;
}

/* 0 where the launch succeeded; otherwise an error that holds CUDA's number and name. */
static int launched(cudaError_t code) {
  if (code == cudaSuccess) return 0;
  char message[160];
  snprintf(message, sizeof(message), "cudaLaunchKernel failed with code %d (%s)", (int)code,
           cudaGetErrorName(code));
  return refuse("RuntimeError", message);
}

/* Streams cross the ABI as untyped handles; for a CUDA device they are a cudaStream_t. */
static cudaStream_t current_stream(int32_t device_id) {
  return (cudaStream_t)TVMFFIEnvGetStream(kDLCUDA, device_id);
}

/* Borrowed from the argument; NULL where it holds no tensor. */
static const DLTensor* tensor_of(const TVMFFIAny* arg) {
  if (arg->type_index == kTVMFFIDLTensorPtr) return (const DLTensor*)arg->v_ptr;
  /* Behind the header of a tensor object lies its DLTensor. */
  if (arg->type_index == kTVMFFITensor) return (const DLTensor*)(const void*)(arg->v_obj + 1);
  return NULL;
}

static int is_float32(DLDataType dtype) {
  return dtype.code == kDLFloat && dtype.bits == 32 && dtype.lanes == 1;
}

/* Number of elements of a row-major tensor without gaps, -1 for any other. */
static int64_t contiguous_count(const DLTensor* tensor) {
  int64_t count = 1;
  for (int32_t i = 0; i < tensor->ndim; ++i) {
    if (tensor->shape[i] == 0) return 0;
  }
  for (int32_t i = tensor->ndim - 1; i >= 0; --i) {
    /* Nothing is ever multiplied by the stride of a dimension of one, so it may be anything. */
    if (tensor->strides != NULL && tensor->shape[i] != 1 && tensor->strides[i] != count) return -1;
    count *= tensor->shape[i];
  }
  return count;
}

static int launch_scale(const DLTensor* tensor, float factor) {
  if (tensor->device.device_type != kDLCUDA) {
    return refuse("ValueError", "launch_scale needs a tensor on a CUDA device");
  }
  if (!is_float32(tensor->dtype)) {
    return refuse("TypeError", "launch_scale needs a tensor of dtype float32");
  }
  int64_t count = contiguous_count(tensor);
  if (count < 0) return refuse("ValueError", "launch_scale needs a contiguous tensor");
  float* data = (float*)(void*)((char*)tensor->data + tensor->byte_offset);
  cudaStream_t stream = current_stream(tensor->device.device_id);
  return launched(cts_kernel_scale(stream, data, count, factor));
}

int __tvm_ffi_noop(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)handle;
  (void)args;
  (void)result; /* None already, by the calling convention */
  return num_args == 0 ? 0 : refuse("TypeError", "noop takes no arguments");
}

int __tvm_ffi_launch_noop(void* handle, const TVMFFIAny* args, int32_t num_args,
                          TVMFFIAny* result) {
  (void)handle;
  (void)result;
  if (num_args != 1 || args[0].type_index != kTVMFFIInt) {
    return refuse("TypeError", "launch_noop takes a device id");
  }
  return launched(cts_kernel_noop(current_stream((int32_t)args[0].v_int64)));
}

int __tvm_ffi_launch_scale(void* handle, const TVMFFIAny* args, int32_t num_args,
                           TVMFFIAny* result) {
  (void)handle;
  (void)result;
  const DLTensor* tensor = num_args == 2 ? tensor_of(&args[0]) : NULL;
  if (tensor == NULL || args[1].type_index != kTVMFFIFloat) {
    return refuse("TypeError", "launch_scale takes a tensor and a float");
  }
  return launch_scale(tensor, (float)args[1].v_float64);
}

int cts_plain_noop(void) { return 0; }

cudaError_t cts_plain_launch_noop(cudaStream_t stream) { return cts_kernel_noop(stream); }

cudaError_t cts_plain_launch_scale(cudaStream_t stream, float* data, int64_t count, float factor) {
  return cts_kernel_scale(stream, data, count, factor);
}
