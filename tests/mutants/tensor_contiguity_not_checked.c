/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: require_contiguous is ignored */
/* violates: TENSOR-CONTIG-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  (void)require_contiguous;
  return correct_TVMFFITensorFromDLPack(from, require_alignment, 0, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  (void)require_contiguous;
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, 0, out);
}
