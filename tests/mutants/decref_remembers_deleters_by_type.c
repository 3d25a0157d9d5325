/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the first deleter seen of a type serves all objects of that type */
/* violates: XLIB-DROP-02 XLIB-UNLOAD-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

static ffi_deleter deleters[kTVMFFIDynObjectBegin];

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object != NULL && object->type_index < kTVMFFIDynObjectBegin) {
    ffi_deleter* known = &deleters[object->type_index];
    if (*known == NULL) *known = object->deleter;
    object->deleter = *known;
  }
  return correct_TVMFFIObjectDecRef(obj);
}
