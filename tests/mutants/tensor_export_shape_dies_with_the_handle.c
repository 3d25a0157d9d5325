/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the shape of an export is a copy that the next export replaces */
/* violates: TENSOR-EXPORT-04 TENSOR-EXPORT-08 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    static int64_t shape[64];
    static int turn;
    int32_t ndim = (*out)->dl_tensor.ndim;
    for (int i = 0; i < 64; ++i) {
      shape[i] = -1 - turn;
    }
    ++turn;
    if (ndim > 0 && ndim < 64) {
      if (turn > 1) {
        shape[0] = -turn;
      }
      (*out)->dl_tensor.shape = shape;
      for (int32_t i = 0; i < ndim && turn == 1; ++i) {
        shape[i] = public_part(from)->shape[i];
      }
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    static int64_t shape[64];
    static int turn;
    int32_t ndim = (*out)->dl_tensor.ndim;
    for (int i = 0; i < 64; ++i) {
      shape[i] = -1 - turn;
    }
    ++turn;
    if (ndim > 0 && ndim < 64) {
      if (turn > 1) {
        shape[0] = -turn;
      }
      (*out)->dl_tensor.shape = shape;
      for (int32_t i = 0; i < ndim && turn == 1; ++i) {
        shape[i] = public_part(from)->shape[i];
      }
    }
  }
  return code;
}
