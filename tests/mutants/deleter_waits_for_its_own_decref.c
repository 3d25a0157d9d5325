/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter of an opaque object does nothing unless this library's release runs it */
/* violates: XLIB-DROP-01 XLIB-DROP-03 XLIB-UNLOAD-01 XLIB-WEAK-01 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#define opaque_delete correct_opaque_delete
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectDecRef
#undef TVMFFIObjectCreateOpaque

static _Thread_local int releasing;

static void delete_if_released_here(void* self, int flags) {
  if (releasing) correct_opaque_delete(self, flags);
}

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  ++releasing;
  int code = correct_TVMFFIObjectDecRef(obj);
  --releasing;
  return code;
}

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIObjectCreateOpaque(handle, type_index, deleter, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = delete_if_released_here;
  return code;
}
