/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the tensor shows the data pointer of the prototype */
/* violates: ENV-TENSOR-02 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  if (code == 0) {
    ((DLTensor*)((TVMFFIObject*)*out + 1))->data = prototype->data;
  }
  return code;
}
