/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retaining refuses objects whose type the library does not know */
/* violates: REF-INC-03 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  int32_t index = ((TVMFFIObject*)obj)->type_index;
  if (ffi_type_at(index) == NULL) return ffi_raise("TypeError", "unknown type index %d", index);
  return correct_TVMFFIObjectIncRef(obj);
}
