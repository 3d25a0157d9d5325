/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the library refuses the versioned tensors that it exported itself */
/* violates: TENSOR-EXPORT-07 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if ((void*)from->deleter == (void*)versioned_export_delete) {
    return ffi_raise("ValueError", "a tensor of our own");
  }
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if ((void*)from->deleter == (void*)versioned_export_delete) {
    return ffi_raise("ValueError", "a tensor of our own");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
