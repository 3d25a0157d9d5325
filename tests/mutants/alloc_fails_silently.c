/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed allocation raises no error */
/* violates: ENV-TENSOR-04 ENV-TENSOR-06 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  if (code != 0) {
    ffi_set_raised(NULL);
  }
  return code;
}
