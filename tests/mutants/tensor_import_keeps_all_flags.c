/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the flags of the producer are passed on as they are */
/* violates: TENSOR-FLAGS-03 */
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  if (code == 0) {
    ((tensor_object*)*out)->flags = from->flags;
  }
  return code;
}
