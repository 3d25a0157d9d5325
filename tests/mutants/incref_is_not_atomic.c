/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retain and release read, change and write the count in separate steps */
/* violates: REF-THREAD-01 */
#include <sched.h>
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectIncRef
#undef TVMFFIObjectDecRef

static void yield_now_and_then(void) {
  static _Thread_local unsigned calls;
  if (++calls % 16 == 0) (void)sched_yield();
}

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  volatile uint64_t *count = &((TVMFFIObject *)obj)->combined_ref_count;
  uint64_t before = *count;
  yield_now_and_then();
  *count = before + FFI_STRONG_ONE;
  return 0;
}

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  volatile uint64_t *count = &((TVMFFIObject *)obj)->combined_ref_count;
  if ((uint32_t)*count <= 1) return correct_TVMFFIObjectDecRef(obj);
  *count -= FFI_STRONG_ONE;
  return 0;
}
