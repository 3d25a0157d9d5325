/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only the last 32 dimensions have to be contiguous */
/* violates: TENSOR-CONTIG-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#include "tensor.c"
#undef TVMFFITensorFromDLPack

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  DLTensor inner = from->dl_tensor;
  if (require_contiguous != 0 && inner.ndim > 32 && inner.strides != NULL) {
    inner.shape += inner.ndim - 32;
    inner.strides += inner.ndim - 32;
    inner.ndim = 32;
    require_contiguous = !is_contiguous(&inner);
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}
