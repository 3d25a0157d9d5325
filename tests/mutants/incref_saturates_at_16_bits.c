/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the strong count sticks at 65535 */
/* violates: REF-INC-02 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  if ((uint32_t)((TVMFFIObject*)obj)->combined_ref_count >= 0xFFFF) return 0;
  return correct_TVMFFIObjectIncRef(obj);
}
