/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only the byte offset has to be aligned */
/* violates: TENSOR-ALIGN-01 TENSOR-ALIGN-02 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (require_alignment > 0 && from->dl_tensor.byte_offset % (uint64_t)require_alignment != 0) {
    return ffi_raise("ValueError", "not aligned");
  }
  return correct_TVMFFITensorFromDLPack(from, 0, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (require_alignment > 0 && from->dl_tensor.byte_offset % (uint64_t)require_alignment != 0) {
    return ffi_raise("ValueError", "not aligned");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, 0, require_contiguous, out);
}
