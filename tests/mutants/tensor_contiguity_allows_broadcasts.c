/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a stride of 0 counts as contiguous */
/* violates: TENSOR-CONTIG-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static bool odd_is_contiguous(const DLTensor* tensor) {
  if (tensor->strides == NULL || is_empty(tensor)) {
    return true;
  }
  int64_t expected = 1;
  for (int32_t i = tensor->ndim; i-- > 0;) {
    if (tensor->shape[i] != 1 && tensor->strides[i] != 0 && tensor->strides[i] != expected) {
      return false;
    }
    expected *= tensor->shape[i];
  }
  return true;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (require_contiguous && !odd_is_contiguous(&from->dl_tensor)) {
    return ffi_raise("ValueError", "not contiguous");
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, 0, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (require_contiguous && !odd_is_contiguous(&from->dl_tensor)) {
    return ffi_raise("ValueError", "not contiguous");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, 0, out);
}
