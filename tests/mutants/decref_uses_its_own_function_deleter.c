/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last reference of a function runs the library's own deleter, whoever made it */
/* violates: XLIB-DROP-02 XLIB-WEAK-02 XLIB-THREAD-01 XLIB-THREAD-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef
#include "function.c"

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object != NULL && object->type_index == kTVMFFIFunction) object->deleter = function_delete;
  return correct_TVMFFIObjectDecRef(obj);
}
