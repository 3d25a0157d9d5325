/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the producer's deleter never runs */
/* violates: TENSOR-OWN-01 TENSOR-OWN-06 TENSOR-EXPORT-03 TENSOR-VIEW-04 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static void keep_forever(void* self, int flags) {
  (void)self;
  (void)flags;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    ((TVMFFIObject*)*out)->deleter = keep_forever;
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
    ((TVMFFIObject*)*out)->deleter = keep_forever;
  }
  return code;
}
