/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: data on other devices than the CPU may be misaligned */
/* violates: TENSOR-ALIGN-02 */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPack(
      from, from->dl_tensor.device.device_type == kDLCPU ? require_alignment : 0,
      require_contiguous, out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  return correct_TVMFFITensorFromDLPackVersioned(
      from, from->dl_tensor.device.device_type == kDLCPU ? require_alignment : 0,
      require_contiguous, out);
}
