/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a legacy tensor that was imported is never given back to its producer */
/* violates: XLIB-TENSOR-02 XLIB-TENSOR-03 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#include "tensor.c"
#undef TVMFFITensorFromDLPack

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  from->deleter = NULL;
  return correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
}
