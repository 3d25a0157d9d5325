/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: column-major tensors count as contiguous */
/* violates: TENSOR-CONTIG-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static bool column_major(const DLTensor* tensor) {
  if (tensor->strides == NULL) {
    return false;
  }
  int64_t expected = 1;
  for (int32_t i = 0; i < tensor->ndim; ++i) {
    if (tensor->strides[i] != expected) {
      return false;
    }
    expected *= tensor->shape[i];
  }
  return true;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPack(from, require_alignment,
                                        require_contiguous && !column_major(&from->dl_tensor), out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPackVersioned(
      from, require_alignment, require_contiguous && !column_major(&from->dl_tensor), out);
}
