/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an export holds no reference to its tensor */
/* violates: XLIB-TENSOR-01 XLIB-TENSOR-02 XLIB-TENSOR-03 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

static void forget(DLManagedTensorVersioned* self) { free(self); }

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code != 0) return code;
  ffi_release((*out)->manager_ctx);
  (*out)->deleter = forget;
  return 0;
}
