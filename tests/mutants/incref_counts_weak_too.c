/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retaining an object adds a weak reference as well */
/* violates: REF-INC-01 REF-INC-02 REF-DEC-01 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  uint64_t* count = &((TVMFFIObject*)obj)->combined_ref_count;
  (void)__atomic_fetch_add(count, FFI_BOTH_ONE, __ATOMIC_RELAXED);
  return 0;
}
