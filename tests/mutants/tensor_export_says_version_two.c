/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: exports carry DLPack major version 2 */
/* violates: TENSOR-VERSION-01 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->version.major = 2;
  }
  return code;
}
