/* SPDX-License-Identifier: Apache-2.0 */
/* The two kernels, as functions that enqueue them. The only code that needs a GPU compiler stands
   behind this header; everything else is C that any compiler takes. */
#ifndef FFI_CTS_CUDA_KERNELS_H_
#define FFI_CTS_CUDA_KERNELS_H_

#include <stdint.h>

#include <cuda_runtime_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Enqueues a kernel that does nothing. Returns what cudaLaunchKernel returned. */
cudaError_t cts_kernel_noop(cudaStream_t stream);

/* Enqueues data[i] *= factor for `count` elements in device memory, which stays the caller's and
   must live until the kernel is done. Returns what cudaLaunchKernel returned. */
cudaError_t cts_kernel_scale(cudaStream_t stream, float* data, int64_t count, float factor);

#ifdef __cplusplus
}
#endif

#endif /* FFI_CTS_CUDA_KERNELS_H_ */
