/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view keeps its source for ever */
/* violates: TENSOR-VIEW-04 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) {
    ffi_incref(source);
  }

  return code;
}
