/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view points to the prototype's strides */
/* violates: TENSOR-VIEW-03 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    if (view->tensor.ndim > 0) {
      view->tensor.strides = prototype->strides;
    }
  }

  return code;
}
