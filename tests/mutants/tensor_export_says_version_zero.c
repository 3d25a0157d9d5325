/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: exports carry no DLPack version */
/* violates: TENSOR-VERSION-01 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->version.major = 0;
    (*out)->version.minor = 0;
  }
  return code;
}
