/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the handle of an opaque object is not in its cell */
/* violates: LAYOUT-RUN-06 */
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIObjectCreateOpaque(handle, type_index, deleter, out);
  if (code == 0) {
    ((TVMFFIOpaqueObjectCell*)((TVMFFIObject*)*out + 1))->handle = out;
  }
  return code;
}
