/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing one of several references takes two */
/* violates: REF-DEC-01 REF-DEC-02 REF-DEC-03 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  if (obj != NULL && (uint32_t)((TVMFFIObject*)obj)->combined_ref_count > 2) {
    (void)correct_TVMFFIObjectDecRef(obj);
  }
  return correct_TVMFFIObjectDecRef(obj);
}
