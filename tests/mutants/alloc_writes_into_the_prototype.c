/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the data pointer goes into the prototype too */
/* violates: ENV-TENSOR-08 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  if (code == 0) {
    prototype->data = ((DLTensor*)((TVMFFIObject*)*out + 1))->data;
  }
  return code;
}
