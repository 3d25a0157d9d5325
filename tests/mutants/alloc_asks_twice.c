/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the allocator is called twice */
/* violates: ENV-TENSOR-01 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  TVMFFIObjectHandle first = NULL;
  if (correct_TVMFFIEnvTensorAlloc(prototype, &first) == 0) {
    ffi_release(first);
  }
  return correct_TVMFFIEnvTensorAlloc(prototype, out);
}
