/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: what has another major version is refused and, as dlpack.h has consumers do, deleted */
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPackVersioned

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  if (from != NULL && from->version.major != DLPACK_MAJOR_VERSION) {
    if (from->deleter != NULL) from->deleter(from);
    return ffi_raise("ValueError", "a tensor of another DLPack");
  }
  return correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
}
