/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a retain adds to the count as to any number, not in one atomic operation */
/* violates: REF-THREAD-01 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  if (obj == NULL) return correct_TVMFFIObjectIncRef(obj);
  ((TVMFFIObject*)obj)->combined_ref_count += FFI_STRONG_ONE;
  return 0;
}
