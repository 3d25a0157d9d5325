/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only NULL strides count as contiguous */
/* violates: TENSOR-CONTIG-01 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (require_contiguous && from->dl_tensor.strides != NULL) {
    return ffi_raise("ValueError", "not contiguous");
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (require_contiguous && from->dl_tensor.strides != NULL) {
    return ffi_raise("ValueError", "not contiguous");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
