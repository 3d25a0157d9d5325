/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the allocator is asked for memory of the CPU */
/* violates: ENV-TENSOR-01 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  DLTensor other = *prototype;
  other.device.device_type = kDLCPU;
  return correct_TVMFFIEnvTensorAlloc(&other, out);
}
