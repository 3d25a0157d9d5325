/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing writes the count back as it was read, over what others did meanwhile */
/* violates: REF-THREAD-03 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

static void let_others_run(void) {
  static _Thread_local unsigned calls;
  if (++calls % 32 != 0) return;
  struct timespec pause = {0, 20000};
  (void)nanosleep(&pause, NULL);
}

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  if (obj == NULL) return 0;
  volatile uint64_t* count = &((TVMFFIObject*)obj)->combined_ref_count;
  uint64_t before = *count;
  if ((uint32_t)before <= 1) return correct_TVMFFIObjectDecRef(obj);
  let_others_run();
  *count = before - FFI_STRONG_ONE;
  return 0;
}
