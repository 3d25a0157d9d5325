/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: missing strides are written into the producer's struct */
/* violates: TENSOR-OWN-05 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (from->dl_tensor.strides == NULL) {
      DLTensor* shown = (DLTensor*)((TVMFFIObject*)*out + 1);
      from->dl_tensor.strides = shown->strides;
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    if (from->dl_tensor.strides == NULL) {
      DLTensor* shown = (DLTensor*)((TVMFFIObject*)*out + 1);
      from->dl_tensor.strides = shown->strides;
    }
  }
  return code;
}
