/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: tensors without dimensions are refused */
/* violates: TENSOR-IMPORT-04 TENSOR-IMPORT-01 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (from->dl_tensor.ndim == 0) {
    return ffi_raise("ValueError", "a scalar");
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (from->dl_tensor.ndim == 0) {
    return ffi_raise("ValueError", "a scalar");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
