/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a prototype without dimensions needs strides */
/* violates: TENSOR-VIEW-08 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  if (prototype->strides == NULL) {
    return ffi_raise("ValueError", "no strides");
  }
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);

  return code;
}
