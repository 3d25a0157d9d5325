/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: no alignment beyond 4096 is checked */
/* violates: TENSOR-ALIGN-02 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPack(from, require_alignment > 4096 ? 4096 : require_alignment,
                                        require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPackVersioned(
      from, require_alignment > 4096 ? 4096 : require_alignment, require_contiguous, out);
}
