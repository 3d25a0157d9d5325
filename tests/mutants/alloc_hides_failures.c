/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed allocation returns 0 */
/* violates: ENV-TENSOR-04 ENV-TENSOR-06 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  (void)correct_TVMFFIEnvTensorAlloc(prototype, out);
  return 0;
}
