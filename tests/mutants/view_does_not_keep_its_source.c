/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view holds no reference to its source */
/* violates: XLIB-TENSOR-04 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code != 0) return code;
  tensor_object* view = *out;
  ffi_release(view->owner);
  view->owner = NULL;
  return 0;
}
