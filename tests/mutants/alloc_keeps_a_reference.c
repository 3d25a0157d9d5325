/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an allocated tensor never dies */
/* violates: ENV-TENSOR-03 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  if (code == 0) {
    ffi_incref(*out);
  }
  return code;
}
