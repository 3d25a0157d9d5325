/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view has its strides where the shape belongs */
/* violates: TENSOR-VIEW-01 LAYOUT-RUN-09 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    int64_t* shape = view->tensor.shape;
    view->tensor.shape = view->tensor.strides;
    view->tensor.strides = shape;
  }

  return code;
}
