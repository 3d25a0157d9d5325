/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view that is refused has retained its source already */
/* violates: REF-FAIL-01 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code != 0) (void)ffi_retain(source);
  return code;
}
