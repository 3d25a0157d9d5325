/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "host.h"

enum { DEVICE = 0, OLDEST_MAJOR = 8, DATA_BYTES = CTS_ELEMENTS * (int)sizeof(float) };

static int capability(int* major, int* minor) {
  if (CTS_CUDA(cudaDeviceGetAttribute, major, cudaDevAttrComputeCapabilityMajor, DEVICE) != 0) {
    return -1;
  }
  return CTS_CUDA(cudaDeviceGetAttribute, minor, cudaDevAttrComputeCapabilityMinor, DEVICE);
}

int cts_device_usable(char* skip, size_t size) {
  int count = 0, major = 0, minor = 0;
  skip[0] = '\0';
  cudaError_t code = cudaGetDeviceCount(&count);
  if (code == cudaErrorInsufficientDriver || code == cudaErrorNoDevice) {
    snprintf(skip, size, "cudaGetDeviceCount returned %d (%s)", (int)code,
             cudaGetErrorString(code));
    return 0;
  }
  if (cts_cuda(code, "cudaGetDeviceCount") != 0) return -1;
  if (count == 0) {
    snprintf(skip, size, "CUDA finds no device");
    return 0;
  }
  if (capability(&major, &minor) != 0) return -1;
  if (major < OLDEST_MAJOR) {
    snprintf(skip, size, "the kernels need compute capability %d.0, the device has %d.%d",
             OLDEST_MAJOR, major, minor);
  }
  return 0;
}

int cts_device_acquire(cts_device* device) {
  if (CTS_CUDA(cudaSetDevice, DEVICE) != 0) return -1;
  for (int i = 0; i < CTS_STREAMS; ++i) {
    /* Non-blocking: no order with the default stream, where a lost stream would end up. */
    if (CTS_CUDA(cudaStreamCreateWithFlags, &device->streams[i], cudaStreamNonBlocking) != 0) {
      return -1;
    }
  }
  for (int i = 0; i < CTS_EVENTS; ++i) {
    if (CTS_CUDA(cudaEventCreate, &device->events[i]) != 0) return -1;
  }
  void* data = NULL;
  if (CTS_CUDA(cudaMalloc, &data, DATA_BYTES) != 0) return -1;
  device->data = (float*)data;
  return 0;
}

int cts_device_release(cts_device* device) {
  int failed = 0;
  if (device->data != NULL) failed |= CTS_CUDA(cudaFree, device->data);
  for (int i = CTS_EVENTS - 1; i >= 0; --i) {
    if (device->events[i] != NULL) failed |= CTS_CUDA(cudaEventDestroy, device->events[i]);
  }
  for (int i = CTS_STREAMS - 1; i >= 0; --i) {
    if (device->streams[i] != NULL) failed |= CTS_CUDA(cudaStreamDestroy, device->streams[i]);
  }
  *device = (cts_device){0};
  return failed;
}

int cts_device_wait(const cts_device* device) {
  int failed = 0;
  for (int i = 0; i < CTS_STREAMS; ++i) {
    failed |= CTS_CUDA(cudaStreamSynchronize, device->streams[i]);
  }
  return failed;
}

static int copy(const cts_device* device, void* to, const void* from, enum cudaMemcpyKind kind) {
  int failed = CTS_CUDA(cudaMemcpyAsync, to, from, DATA_BYTES, kind, device->streams[0]);
  /* Also after a failure: host memory of the caller must not be touched once it has returned. */
  return failed | CTS_CUDA(cudaStreamSynchronize, device->streams[0]);
}

int cts_device_fill(cts_device* device) {
  static float ones[CTS_ELEMENTS];
  for (int i = 0; i < CTS_ELEMENTS; ++i) ones[i] = 1.0F;
  return copy(device, device->data, ones, cudaMemcpyHostToDevice);
}

int cts_device_expect(cts_device* device, int doublings) {
  static float found[CTS_ELEMENTS];
  float expected = 1.0F;
  for (int i = 0; i < doublings; ++i) expected *= 2.0F;
  if (cts_device_wait(device) != 0) return -1;
  if (copy(device, found, device->data, cudaMemcpyDeviceToHost) != 0) return -1;
  for (int i = 0; i < CTS_ELEMENTS; ++i) {
    /* Powers of two are exact, so there is no tolerance to choose. */
    if (found[i] != expected) {
      return cts_fail("element %d is %g after %d launches that double it, not %g", i,
                      (double)found[i], doublings, (double)expected);
    }
  }
  return 0;
}

enum { GATE_NAP_NS = 20000, GATE_NAPS = 500000 }; /* gives up after at least 10 seconds */

static atomic_bool gate_is_open;
static atomic_bool gate_gave_up;

/* Runs on a thread of the CUDA driver, which must not call CUDA and must not wait for ever. */
static void CUDART_CB gate_wait(void* unused) {
  (void)unused;
  const struct timespec nap = {0, GATE_NAP_NS};
  for (int i = 0; i < GATE_NAPS; ++i) {
    if (atomic_load(&gate_is_open)) return;
    nanosleep(&nap, NULL);
  }
  atomic_store(&gate_gave_up, true);
}

int cts_gate_close(cudaStream_t stream) {
  atomic_store(&gate_is_open, false);
  atomic_store(&gate_gave_up, false);
  return CTS_CUDA(cudaLaunchHostFunc, stream, gate_wait, NULL);
}

void cts_gate_open(void) { atomic_store(&gate_is_open, true); }

int cts_gate_check(void) {
  if (!atomic_load(&gate_gave_up)) return 0;
  return cts_fail("enqueuing a batch blocked until the device ran it, so there is no device time");
}
