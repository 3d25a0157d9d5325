/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing counts down but never runs the deleter */
/* violates: REF-DEC-03 REF-DEC-04 REF-DEC-08 REF-WEAK-02 REF-WEAK-04 REF-MODEL-01 REF-LEAK-01 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  (void)__atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_RELEASE);
  return 0;
}
