/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view retains its source until its storage goes */
/* violates: TENSOR-VIEW-09 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

static void late_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    view_delete(self, kTVMFFIObjectDeleterFlagBitMaskBoth);
  }
}

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = late_delete;
  return code;
}
