/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed allocation raises another error than the allocator set */
/* violates: ENV-TENSOR-05 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  return code == 0 ? 0 : ffi_raise("InternalError", "no memory");
}
