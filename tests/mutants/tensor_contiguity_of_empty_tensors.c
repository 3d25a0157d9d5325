/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: empty tensors are judged by their strides */
/* violates: TENSOR-CONTIG-04 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  const DLTensor* tensor = &from->dl_tensor;
  int64_t expected = 1;
  for (int32_t i = tensor->ndim; require_contiguous && tensor->strides != NULL && i-- > 0;) {
    if (tensor->shape[i] != 1 && tensor->strides[i] != expected) {
      return ffi_raise("ValueError", "not contiguous");
    }
    expected *= tensor->shape[i];
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  const DLTensor* tensor = &from->dl_tensor;
  int64_t expected = 1;
  for (int32_t i = tensor->ndim; require_contiguous && tensor->strides != NULL && i-- > 0;) {
    if (tensor->shape[i] != 1 && tensor->strides[i] != expected) {
      return ffi_raise("ValueError", "not contiguous");
    }
    expected *= tensor->shape[i];
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
