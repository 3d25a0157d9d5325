/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an export of row-major data has NULL strides */
/* violates: TENSOR-EXPORT-06 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    if (is_contiguous(&(*out)->dl_tensor)) {
      (*out)->dl_tensor.strides = NULL;
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    if (is_contiguous(&(*out)->dl_tensor)) {
      (*out)->dl_tensor.strides = NULL;
    }
  }
  return code;
}
