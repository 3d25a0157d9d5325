/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the arrays of a refused view are lost */
/* violates: TENSOR-VIEW-07 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code != 0) {
    static void* volatile lost;
    lost = malloc((size_t)prototype->ndim * 16);
    (void)lost;
  }
  return code;
}
