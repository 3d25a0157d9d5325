/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter of an export does not release the tensor */
/* violates: TENSOR-EXPORT-03 TENSOR-EXPORT-05 TENSOR-EXPORT-07 TENSOR-EXPORT-08 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

static void legacy_greedy(DLManagedTensor* self) { free(self); }
static void versioned_greedy(DLManagedTensorVersioned* self) { free(self); }

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) {
    (*out)->deleter = legacy_greedy;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) {
    (*out)->deleter = versioned_greedy;
  }
  return code;
}
