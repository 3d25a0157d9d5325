/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: exports of read-only tensors do not say so */
/* violates: TENSOR-FLAGS-01 TENSOR-FLAGS-06 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->flags = 0;
  }
  return code;
}
