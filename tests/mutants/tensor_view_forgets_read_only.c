/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: views of read-only tensors are writable */
/* violates: TENSOR-FLAGS-06 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    tensor_object* view = *out;
    view->flags = 0;
  }

  return code;
}
