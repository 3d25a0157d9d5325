/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a release that is not the last one reads the count and writes it back in two steps */
/* violates: REF-THREAD-03 REF-THREAD-01 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL || (uint32_t)object->combined_ref_count <= 1) {
    return correct_TVMFFIObjectDecRef(obj);
  }
  object->combined_ref_count -= FFI_STRONG_ONE;
  return 0;
}
