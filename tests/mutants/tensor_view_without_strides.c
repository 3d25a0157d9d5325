/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a prototype without strides gives a view without strides */
/* violates: TENSOR-VIEW-06 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  static int64_t zeros[4096];
  DLTensor whole = *prototype;
  bool lacks = prototype->ndim > 0 && prototype->strides == NULL;
  if (lacks) {
    whole.strides = zeros;
  }
  int code = correct_TVMFFITensorCreateUnsafeView(source, &whole, out);
  if (code == 0) {
    if (lacks) {
      tensor_object* view = *out;
      view->tensor.strides = NULL;
    }
  }

  return code;
}
