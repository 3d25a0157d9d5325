/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view has the element type of its source */
/* violates: TENSOR-VIEW-01 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    view->tensor.dtype = public_part(source)->dtype;
  }

  return code;
}
