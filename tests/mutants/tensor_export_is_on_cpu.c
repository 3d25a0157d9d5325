/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an export is always on the CPU */
/* violates: TENSOR-EXPORT-01 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    (*out)->dl_tensor.device.device_type = kDLCPU;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->dl_tensor.device.device_type = kDLCPU;
  }
  return code;
}
