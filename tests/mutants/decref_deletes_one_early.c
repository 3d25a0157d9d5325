/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing the last but one reference runs the deleter */
/* violates: REF-DEC-03 REF-DEC-08 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before == 2) ffi_last_strong_gone(object, before - 1);
  return 0;
}
