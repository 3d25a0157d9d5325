/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: producers without a deleter are refused */
/* violates: TENSOR-OWN-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (from->deleter == NULL) {
    return ffi_raise("ValueError", "no deleter");
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (from->deleter == NULL) {
    return ffi_raise("ValueError", "no deleter");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
