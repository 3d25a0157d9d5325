/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a handle that is NULL is taken for nothing to delete */
/* violates: REF-OPAQUE-01 */
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  return correct_TVMFFIObjectCreateOpaque(handle, type_index, handle != NULL ? deleter : NULL, out);
}
