/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view holds no reference to its source */
/* violates: TENSOR-VIEW-04 TENSOR-VIEW-05 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    view->owner = NULL;
    ffi_release(source);
  }

  return code;
}
