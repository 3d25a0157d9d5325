/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: whether a release was the last one is read after counting down, by whoever comes first */
/* violates: REF-THREAD-02 XLIB-THREAD-02 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

static void let_others_run(void) {
  struct timespec pause = {0, 20000};
  (void)nanosleep(&pause, NULL);
}

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (object == NULL) return 0;
  uint64_t* count = &object->combined_ref_count;
  uint64_t before = __atomic_load_n(count, __ATOMIC_ACQUIRE);
  let_others_run();
  (void)__atomic_fetch_sub(count, FFI_STRONG_ONE, __ATOMIC_ACQ_REL);
  if ((uint32_t)before == 1) ffi_last_strong_gone(object, before);
  return 0;
}
