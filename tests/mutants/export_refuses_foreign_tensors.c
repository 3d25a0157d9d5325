/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only tensors of this library can be exported */
/* violates: XLIB-TENSOR-01 */
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  ffi_deleter deleter = ((TVMFFIObject*)from)->deleter;
  if (deleter != legacy_delete && deleter != versioned_delete && deleter != view_delete) {
    return ffi_raise("TypeError", "this tensor was made elsewhere");
  }
  return correct_TVMFFITensorToDLPackVersioned(from, out);
}
