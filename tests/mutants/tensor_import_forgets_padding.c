/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: padded elements are taken for packed ones */
/* violates: TENSOR-FLAGS-04 */
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  uint64_t flags = from->flags;
  from->flags &= ~(uint64_t)DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED;
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  from->flags = flags;
  return code;
}
