/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing takes a strong count above INT32_MAX for a dead object */
/* violates: REF-DEC-02 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  if (obj != NULL && (int32_t)((TVMFFIObject*)obj)->combined_ref_count <= 0) return 0;
  return correct_TVMFFIObjectDecRef(obj);
}
