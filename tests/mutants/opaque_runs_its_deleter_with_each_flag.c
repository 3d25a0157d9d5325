/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an opaque object gives its handle back once for Strong and again for Weak */
/* violates: REF-WEAK-02 */
#define TVMFFIObjectCreateOpaque correct_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque

static void delete_twice(void* self, int flags) {
  opaque_object* object = self;
  if (flags == kTVMFFIObjectDeleterFlagBitMaskWeak && object->deleter != NULL) {
    object->deleter(object->cell.handle);
  }
  opaque_delete(self, flags);
}

FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index,
                                            void (*deleter)(void* handle),
                                            TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIObjectCreateOpaque(handle, type_index, deleter, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = delete_twice;
  return code;
}
