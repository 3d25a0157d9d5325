/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an export holds no reference to the tensor */
/* violates: TENSOR-EXPORT-02 TENSOR-EXPORT-03 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

static void legacy_borrowed(DLManagedTensor* self) { free(self); }
static void versioned_borrowed(DLManagedTensorVersioned* self) { free(self); }

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    ffi_release((*out)->manager_ctx);
    (*out)->deleter = legacy_borrowed;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    ffi_release((*out)->manager_ctx);
    (*out)->deleter = versioned_borrowed;
  }
  return code;
}
