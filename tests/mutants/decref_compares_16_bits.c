/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a strong count whose low 16 bits become zero counts as the last reference */
/* violates: REF-DEC-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((before & 0xFFFF) == 1) ffi_last_strong_gone(object, before);
  return 0;
}
