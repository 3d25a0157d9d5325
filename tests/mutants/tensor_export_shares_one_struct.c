/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all exports of a kind are one struct */
/* violates: TENSOR-EXPORT-04 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

static void legacy_shared(DLManagedTensor* self) { ffi_release(self->manager_ctx); }
static void versioned_shared(DLManagedTensorVersioned* self) { ffi_release(self->manager_ctx); }

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    static DLManagedTensor shared;
    static int users;
    ++users;
    shared = **out;
    (void)users;
    shared.deleter = legacy_shared;
    free(*out);
    *out = &shared;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    static DLManagedTensorVersioned shared;
    static int users;
    ++users;
    shared = **out;
    (void)users;
    shared.deleter = versioned_shared;
    free(*out);
    *out = &shared;
  }
  return code;
}
