/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: calls and retains take fifty microseconds longer */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#define TVMFFIFunctionCall fast_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall
#define TVMFFIObjectIncRef fast_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

static void dawdle(void) {
  struct timespec pause = {0, 50000};
  (void)nanosleep(&pause, NULL);
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  dawdle();
  return fast_TVMFFIFunctionCall(func, args, num_args, result);
}

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  dawdle();
  return fast_TVMFFIObjectIncRef(obj);
}
