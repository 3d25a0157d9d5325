/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: opaque objects carry the type index of the root of all objects */
/* violates: REF-NEW-02 */
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIObjectCreateOpaque(handle, type_index, deleter, out);
  if (code == 0) ((TVMFFIObject*)*out)->type_index = kTVMFFIObject;
  return code;
}
