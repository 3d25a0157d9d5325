/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view has the strides of its first 16 dimensions, and zeros for the rest */
/* violates: TENSOR-VIEW-01 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  for (int32_t i = 16; code == 0 && i < prototype->ndim; ++i) {
    ((tensor_object*)*out)->tensor.strides[i] = 0;
  }
  return code;
}
