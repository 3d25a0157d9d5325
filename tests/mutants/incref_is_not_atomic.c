/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a retain that follows one of another thread is lost, as a torn update would lose it */
/* violates: REF-THREAD-01 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  static char* volatile last;
  static _Thread_local char self;
  char* before = last;
  last = &self;
  return before == NULL || before == &self ? correct_TVMFFIObjectIncRef(obj) : 0;
}
