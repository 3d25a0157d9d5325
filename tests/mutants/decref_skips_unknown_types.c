/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing does nothing to an object whose type the library does not know */
/* violates: REF-DEC-03 REF-DEC-08 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  if (obj != NULL && ffi_type_at(((TVMFFIObject*)obj)->type_index) == NULL) return 0;
  return correct_TVMFFIObjectDecRef(obj);
}
