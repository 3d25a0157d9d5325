/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the data go back with the last weak reference */
/* violates: TENSOR-OWN-04 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static void late(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    legacy_delete(self, kTVMFFIObjectDeleterFlagBitMaskBoth);
  }
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (((TVMFFIObject*)*out)->deleter == legacy_delete) {
      ((TVMFFIObject*)*out)->deleter = late;
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (((TVMFFIObject*)*out)->deleter == legacy_delete) {
      ((TVMFFIObject*)*out)->deleter = late;
    }
  }
  return code;
}
