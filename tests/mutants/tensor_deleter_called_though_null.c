/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a NULL deleter of the producer is called */
/* violates: TENSOR-OWN-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static void blind_call(void* self, int flags) {
  (void)flags;
  DLManagedTensor* owner = ((tensor_object*)self)->owner;
  owner->deleter(owner);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (((TVMFFIObject*)*out)->deleter == legacy_delete) {
      ((TVMFFIObject*)*out)->deleter = blind_call;
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
      ((TVMFFIObject*)*out)->deleter = blind_call;
    }
  }
  return code;
}
