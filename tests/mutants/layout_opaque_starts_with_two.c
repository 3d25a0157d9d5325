/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an opaque object starts with two references */
/* violates: LAYOUT-RUN-01 */
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIObjectCreateOpaque(handle, type_index, deleter, out);
  if (code == 0) {
    ffi_incref(*out);
  }
  return code;
}
