/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view has the byte offset added to its data, and shows it as well */
/* violates: TENSOR-VIEW-01 TENSOR-VIEW-05 TENSOR-VIEW-08 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    DLTensor* tensor = &((tensor_object*)*out)->tensor;
    tensor->data = (void*)((uintptr_t)tensor->data + (uintptr_t)tensor->byte_offset);
  }
  return code;
}
