/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: tensors of major version 0 are accepted */
/* violates: TENSOR-VERSION-03 */
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  DLPackVersion version = from->version;
  if (version.major == 0) {
    from->version.major = DLPACK_MAJOR_VERSION;
  }
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  from->version = version;
  return code;
}
