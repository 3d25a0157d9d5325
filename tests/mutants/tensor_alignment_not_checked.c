/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: require_alignment is ignored */
/* violates: TENSOR-ALIGN-02 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  (void)require_alignment;
  return correct_TVMFFITensorFromDLPack(from, 0, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  (void)require_alignment;
  return correct_TVMFFITensorFromDLPackVersioned(from, 0, require_contiguous, out);
}
