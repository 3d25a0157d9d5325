/* SPDX-License-Identifier: Apache-2.0 */
/* Devices, memory, the names of errors, and the two kernels of the benchmark. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "kernels.h"

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaErrorInsufficientDriver:
      return "cudaErrorInsufficientDriver";
    case cudaErrorNoDevice:
      return "cudaErrorNoDevice";
    default:
      return "cudaErrorOfTheFake";
  }
}

const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorInsufficientDriver ? "the driver is too old" : "as the test wants it";
}

cudaError_t cudaGetDeviceCount(int* count) {
  cudaError_t code = fake_call("cudaGetDeviceCount", "%s", "");
  if (code == cudaSuccess) *count = fake_setting("FAKE_CUDA_DEVICES", 1);
  return code;
}

cudaError_t cudaDeviceGetAttribute(int* value, enum cudaDeviceAttr attribute, int device) {
  cudaError_t code = fake_call("cudaDeviceGetAttribute", "%d of %d", (int)attribute, device);
  if (code != cudaSuccess) return code;
  bool major = attribute == cudaDevAttrComputeCapabilityMajor;
  *value = major ? fake_setting("FAKE_CUDA_CAPABILITY", 9) : 0;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) { return fake_call("cudaSetDevice", "%d", device); }

cudaError_t cudaMalloc(void** out, size_t size) {
  cudaError_t code = fake_call("cudaMalloc", "%zu", size);
  if (code != cudaSuccess) return code;
  *out = malloc(size);
  if (*out == NULL) abort();
  memset(*out, 0xA5, size); /* new memory holds anything but what one hopes for */
  ++fake_live.memory;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  cudaError_t code = fake_call("cudaFree", "%s", "");
  fake_drain_all(); /* as CUDA does, it waits for what may still use the memory */
  free(memory);
  --fake_live.memory;
  return code;
}

static cudaError_t launch(const char* kernel, cudaStream_t stream, fake_work work) {
  int number = stream != NULL ? stream->number : 0;
  cudaError_t code = fake_call("cudaLaunchKernel", "%s s%d", kernel, number);
  return code == cudaSuccess ? fake_enqueue(stream, work) : code;
}

cudaError_t cts_kernel_noop(cudaStream_t stream) {
  return launch("noop", stream, (fake_work){.kind = FAKE_NOOP});
}

cudaError_t cts_kernel_scale(cudaStream_t stream, float* data, int64_t count, float factor) {
  fake_work work = {.kind = FAKE_SCALE, .to = data, .count = count, .factor = factor};
  return launch("scale", stream, work);
}
