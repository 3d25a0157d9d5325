/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: minor versions above the own one are refused */
/* violates: TENSOR-VERSION-02 */
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (from->version.minor > DLPACK_MINOR_VERSION) {
    return ffi_raise("ValueError", "too new");
  }
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);

  return code;
}
