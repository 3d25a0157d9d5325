/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the last reference runs the deleter but is not counted down */
/* violates: REF-DEC-04 REF-DEC-06 REF-WEAK-03 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t count = __atomic_load_n(&object->combined_ref_count, __ATOMIC_ACQUIRE);
  if ((uint32_t)count != 1) return correct_TVMFFIObjectDecRef(obj);
  ffi_last_strong_gone(object, count);
  return 0;
}
