/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: retain reads, changes and writes the count in separate steps */
/* violates: REF-THREAD-01 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

static void let_others_run(void) {
  static _Thread_local unsigned calls;
  if (++calls % 32 != 0) return;
  struct timespec pause = {0, 20000};
  (void)nanosleep(&pause, NULL);
}

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  volatile uint64_t* count = &((TVMFFIObject*)obj)->combined_ref_count;
  uint64_t before = *count;
  let_others_run();
  *count = before + FFI_STRONG_ONE;
  return 0;
}
