/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a release that follows one of another thread is lost, as a torn update would lose it */
/* violates: REF-THREAD-03 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  static char* volatile last;
  static _Thread_local char self;
  if (obj == NULL || (uint32_t)((TVMFFIObject*)obj)->combined_ref_count <= 1) {
    return correct_TVMFFIObjectDecRef(obj);
  }
  char* before = last;
  last = &self;
  return before == NULL || before == &self ? correct_TVMFFIObjectDecRef(obj) : 0;
}
