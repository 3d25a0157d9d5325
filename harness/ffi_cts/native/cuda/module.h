/* SPDX-License-Identifier: Apache-2.0 */
/* What the module exports. Its TVMFFI* symbols are left undefined, as in the modules that compilers
   of the ecosystem emit: a runtime that was loaded with RTLD_GLOBAL before provides them. */
#ifndef FFI_CTS_CUDA_MODULE_H_
#define FFI_CTS_CUDA_MODULE_H_

#include <stdint.h>

#include <cuda_runtime_api.h>

#include "ffi_cts/abi.h"

/* Safe calls: arguments are borrowed, the result is None, -1 comes with a raised error. */

/* noop(): nothing at all. */
FFI_CTS_EXPORT int __tvm_ffi_noop(void* handle, const TVMFFIAny* args, int32_t num_args,
                                  TVMFFIAny* result);

/* launch_noop(device id): the empty kernel on the current stream of that CUDA device, which must
   also be CUDA's current device. */
FFI_CTS_EXPORT int __tvm_ffi_launch_noop(void* handle, const TVMFFIAny* args, int32_t num_args,
                                         TVMFFIAny* result);

/* launch_scale(tensor, factor): multiplies a contiguous float32 CUDA tensor, given as a DLTensor
   pointer or a tensor object, on the current stream of its device. The memory must live until the
   kernel is done. */
FFI_CTS_EXPORT int __tvm_ffi_launch_scale(void* handle, const TVMFFIAny* args, int32_t num_args,
                                          TVMFFIAny* result);

/* The same without any FFI: the floor. In this library too, so that both sides launch the very same
   kernels through the very same CUDA runtime. */
FFI_CTS_EXPORT int cts_plain_noop(void);
FFI_CTS_EXPORT cudaError_t cts_plain_launch_noop(cudaStream_t stream);
FFI_CTS_EXPORT cudaError_t cts_plain_launch_scale(cudaStream_t stream, float* data, int64_t count,
                                                  float factor);

#endif /* FFI_CTS_CUDA_MODULE_H_ */
