/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the producer's deleter is called with its context */
/* violates: TENSOR-OWN-01 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static void wrong_call(void* self, int flags) {
  (void)flags;
  DLManagedTensor* owner = ((tensor_object*)self)->owner;
  if (owner->deleter != NULL) {
    owner->deleter(owner->manager_ctx);
  }
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (((TVMFFIObject*)*out)->deleter == legacy_delete) {
      ((TVMFFIObject*)*out)->deleter = wrong_call;
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
      ((TVMFFIObject*)*out)->deleter = wrong_call;
    }
  }
  return code;
}
