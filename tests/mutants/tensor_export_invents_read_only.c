/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all exports are read-only */
/* violates: TENSOR-FLAGS-02 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->flags |= DLPACK_FLAG_BITMASK_READ_ONLY;
  }
  return code;
}
