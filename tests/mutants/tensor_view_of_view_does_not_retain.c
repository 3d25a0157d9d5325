/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view of a view holds no reference to it */
/* violates: TENSOR-VIEW-05 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    if (((TVMFFIObject*)source)->deleter == view_delete) {
      view->owner = NULL;
      ffi_release(source);
    }
  }

  return code;
}
